import { useState, type ReactElement } from 'react'
import type { Question, Trouble } from '../../wire/tokens.ts'
import { Answer } from './answer.tsx'

interface Turn extends Question {
  readonly id: number
  /** How often it was sent. */
  readonly times: number
}

const troubles: Readonly<Record<Trouble, string>> = {
  none: 'nothing goes wrong',
  break: 'the connection breaks in the middle',
  silence: 'the server falls silent in the middle',
  refuse: 'the server refuses, with status 503',
}

/** Questions, and answers that come token by token. */
export function Content(): ReactElement {
  const [turns, setTurns] = useState<readonly Turn[]>([])

  function again(id: number): void {
    setTurns((all) =>
      all.map((turn) => (turn.id === id ? { ...turn, times: turn.times + 1 } : turn)),
    )
  }

  return (
    <>
      <AskForm
        onAsk={(question) => {
          setTurns((all) => [{ ...question, id: all.length, times: 1 }, ...all])
        }}
      />
      {turns.map((turn) => (
        <article key={turn.id} className="panel turn" aria-labelledby={`question-${turn.id}`}>
          <header>
            <h2 id={`question-${turn.id}`}>{turn.question}</h2>
            {turn.times > 1 && <span className="made">sent {turn.times} times, by you</span>}
          </header>
          {/* Sent again, it is another request, and another answer. */}
          <Answer
            key={turn.times}
            question={turn}
            onAgain={() => {
              again(turn.id)
            }}
          />
        </article>
      ))}
    </>
  )
}

function AskForm({ onAsk }: { readonly onAsk: (question: Question) => void }): ReactElement {
  const [question, setQuestion] = useState('Why is it called a millrace?')
  const [trouble, setTrouble] = useState<Trouble>('none')
  return (
    <form
      className="panel ask"
      onSubmit={(event) => {
        event.preventDefault()
        if (question.trim() !== '') onAsk({ question, trouble })
      }}
    >
      <label className="wide">
        Question
        <input
          required
          maxLength={500}
          value={question}
          onChange={(event) => {
            setQuestion(event.currentTarget.value)
          }}
        />
      </label>
      <label>
        On the way
        <select
          value={trouble}
          onChange={(event) => {
            setTrouble(event.currentTarget.value as Trouble)
          }}
        >
          {Object.entries(troubles).map(([value, words]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </select>
      </label>
      <button type="submit" className="primary">
        Ask
      </button>
      <p className="note">
        Ask about the name, about WebSockets, or about what happens when it breaks. The answers are
        a few paragraphs that the playground’s server keeps; no model is asked.
      </p>
    </form>
  )
}
