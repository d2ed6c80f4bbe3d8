import { stripLabel } from '../label.ts'
import type { LogEntry, Replay, ReplayAnswer } from './replay.ts'

/**
 * What a client gets whose id is unknown or expired: everything kept, nothing, or nothing but the event
 * `millrace-reset`, which tells it to fetch its state anew.
 *
 * @example
 * createEventServer({ replay: finiteReplay({ count: 100 }), onUnknownId: 'all' })
 */
export type UnknownIdPolicy = 'all' | 'none' | 'reset'

// It says "there is a gap before me".
const RESET_EVENT = 'millrace-reset'

/** What the resume desk is made with. */
export interface ResumeOptions {
  readonly replay: Replay
  readonly policy: UnknownIdPolicy
  readonly now: () => number
  /** The position of the newest entry. */
  readonly position: () => string
  readonly onError: (cause: unknown) => void
}

/** Who resumes: a cursor as it was received, and the subtrees it is about. */
export interface Resumption {
  readonly cursor: string
  readonly channels: readonly string[]
}

/** Stands between the engine and a replay store: a store that fails turns replay off, never delivery. */
export class ResumeDesk {
  readonly #options: ResumeOptions
  #failed = false

  constructor(options: ResumeOptions) {
    this.#options = options
  }

  /** Where the order stands now: the cursor of who has heard everything. */
  get position(): string {
    return this.#options.position()
  }

  /** Keeps an entry for those who come back. */
  put(entry: LogEntry): void {
    if (this.#failed) return
    try {
      const kept = this.#options.replay.put(entry)
      if (kept instanceof Promise) kept.catch(this.#fail)
    } catch (error) {
      this.#fail(error)
    }
  }

  /** What a resuming session is sent first; at once where the store answers at once. */
  answer(resumption: Resumption): readonly LogEntry[] | Promise<readonly LogEntry[]> {
    // Where the order stood when the session joined: what is live for it comes after this.
    const position = this.#options.position()
    const otherwise = (error?: unknown): readonly LogEntry[] => {
      if (error !== undefined) this.#fail(error)
      return this.#options.policy === 'none' ? [] : [this.#reset(position)]
    }
    if (this.#failed) return otherwise()
    try {
      const answer = this.#find(resumption, position)
      if (!(answer instanceof Promise)) return answer ?? otherwise()
      return answer.then((entries) => entries ?? otherwise(), otherwise)
    } catch (error) {
      return otherwise(error)
    }
  }

  // An id may hold an `@` of its own, so the cursor counts as it stands before its label is taken off.
  #find({ cursor, channels }: Resumption, position: string): ReplayAnswer | Promise<ReplayAnswer> {
    const bare = stripLabel(cursor)
    if (cursor === position || bare === position) return []
    const ask = (after: string | undefined): ReplayAnswer | Promise<ReplayAnswer> =>
      this.#options.replay.after({ after, channels, now: this.#options.now() })
    const questions = [cursor, ...(bare === cursor ? [] : [bare])]
    if (this.#options.policy === 'all') return firstAnswer([...questions, undefined], ask)
    return firstAnswer(questions, ask)
  }

  #reset(position: string): LogEntry {
    const event = { event: RESET_EVENT, data: '', id: position }
    return { position: '', time: this.#options.now(), channels: [], event }
  }

  readonly #fail = (cause: unknown): void => {
    if (this.#failed) return
    this.#failed = true
    this.#options.onError(cause)
  }
}

type Ask = (after: string | undefined) => ReplayAnswer | Promise<ReplayAnswer>

function firstAnswer(
  questions: readonly (string | undefined)[],
  ask: Ask,
): ReplayAnswer | Promise<ReplayAnswer> {
  for (const [index, question] of questions.entries()) {
    const answer = ask(question)
    if (answer instanceof Promise) {
      const rest = questions.slice(index + 1)
      return answer.then((entries) => entries ?? firstAnswer(rest, ask))
    }
    if (answer) return answer
  }
  return undefined
}
