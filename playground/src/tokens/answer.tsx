import { useState, type ReactElement } from 'react'
import type { ConnectionSnapshot } from 'millrace'
import { useEventStream, useStore } from 'millrace/react'
import type { Question } from '../../wire/tokens.ts'
import { formatCount, formatSeconds } from '../format.ts'
import { ask } from './chat.ts'

interface Progress {
  readonly text: string
  readonly tokens: number
  /** When the first one came and the last one, in milliseconds since the question. */
  readonly first: number
  readonly last: number
}

const nothing: Progress = { text: '', tokens: 0, first: 0, last: 0 }

interface AnswerProps {
  readonly question: Question
  readonly onAgain: () => void
}

/** One question, sent once, and what has come of the answer. */
export function Answer({ question, onAgain }: AnswerProps): ReactElement {
  const [{ chat, asked }] = useState(() => ({ chat: ask(question), asked: performance.now() }))
  const [stopped, setStopped] = useState(false)
  const progress = useEventStream(chat, {
    reducer: (so, { data }) => {
      const now = performance.now() - asked
      const first = so.tokens === 0 ? now : so.first
      return { text: so.text + data.token, tokens: so.tokens + 1, first, last: now }
    },
    initialValue: nothing,
  })
  const connection = useStore(chat.connection)
  const busy = !stopped && connection.status !== 'closed'
  return (
    <div className="answer" data-end={busy ? undefined : stopped ? 'stopped' : connection.reason}>
      <p aria-busy={busy}>
        {progress.text}
        {busy && <span className="caret" aria-hidden="true" />}
      </p>
      <div className="tools">
        <p className="note" role="status">
          {outcomeOf({ stopped, connection, progress })}
        </p>
        {busy ? (
          <button
            type="button"
            onClick={() => {
              setStopped(true)
              chat.close()
            }}
          >
            Stop
          </button>
        ) : (
          <button type="button" onClick={onAgain}>
            Send again
          </button>
        )}
      </div>
    </div>
  )
}

interface Situation {
  readonly stopped: boolean
  readonly connection: ConnectionSnapshot
  readonly progress: Progress
}

/** How it stands, in words that change when it does, and not with every token. */
function outcomeOf({
  stopped,
  connection: { status, reason, error },
  progress,
}: Situation): string {
  const { tokens, first, last } = progress
  const soFar = `after ${formatCount(tokens)} tokens`
  if (stopped) return `You stopped it ${soFar}.`
  if (status !== 'closed') return tokens === 0 ? 'Asked.' : 'The answer is coming.'
  if (reason === 'ended') {
    return `Complete: ${formatCount(tokens)} tokens in ${formatSeconds(last)}, the first after ${formatSeconds(first)}.`
  }
  const why = error === undefined ? '' : ` ${error.message}`
  return reason === 'interrupted'
    ? `Broken off ${soFar}. The rest is not known, and nothing was sent again.${why}`
    : `Not answered.${why}`
}
