import { parseLabel } from '../label.ts'
import type { ReplaySize } from '../stats.ts'
import { isThenable } from '../thenable.ts'
import { noReplay } from './no-replay.ts'
import { checkAnswer } from './replay.ts'
import type { LogEntry, Replay, ReplayAnswer, ReplayQuery } from './replay.ts'

/**
 * What a client gets whose id is unknown or expired: everything kept, nothing, or nothing but the event
 * `millrace-reset`, which tells it to fetch its state anew. In each case its cursor is moved to where the order stands.
 *
 * @example
 * createEventServer({ replay: finiteReplay({ count: 100 }), onUnknownId: 'all' })
 */
export type UnknownIdPolicy = 'all' | 'none' | 'reset'

// It says "there is a gap before me".
const RESET_EVENT = 'millrace-reset'

/** What the resume desk is made with. */
export interface ResumeOptions {
  /** Defaults to none kept: then it is known who is up to date, and no more. */
  readonly replay: Replay | undefined
  readonly policy: UnknownIdPolicy
  readonly now: () => number
  /** The position of the newest entry; `undefined` where it is not known yet. */
  readonly position: () => string | undefined
  /** Resolves when all that has been published by now, anywhere, has come here. Defaults to at once. */
  readonly caughtUp: (() => Promise<void>) | undefined
  readonly onError: (cause: unknown) => void
}

/** Who resumes: a cursor as it was received, and the subtrees it is about. */
export interface Resumption {
  readonly cursor: string
  readonly channels: readonly string[]
}

/** What a resuming session is sent first. */
export interface ResumeAnswer {
  readonly entries: readonly LogEntry[]
  /** What it is sent where these cannot be written. */
  readonly instead: readonly LogEntry[]
  /** Where the order stood when it was asked for: what is live for the session comes after this. */
  readonly position: string
}

/** Stands between the engine and a replay store: a store that fails turns replay off, never delivery. */
export class ResumeDesk {
  /** Whether there is something to come back for. */
  readonly keeps: boolean
  readonly #options: ResumeOptions
  readonly #replay: Replay
  readonly #underWay = new Set<Promise<void>>()
  #failed = false

  constructor(options: ResumeOptions) {
    this.keeps = options.replay !== undefined
    this.#options = options
    this.#replay = options.replay ?? noReplay()
  }

  /** Where the order stands now: the cursor of who has heard everything. */
  get position(): string {
    return this.#options.position() ?? ''
  }

  /** Resolves when it is known where the order stands; `undefined` where it is. */
  opening(): Promise<void> | undefined {
    return this.#options.position() === undefined ? this.#options.caughtUp?.() : undefined
  }

  /** What is kept; `undefined` where the store does not tell, or has failed. */
  get size(): ReplaySize | undefined {
    return this.#failed ? undefined : this.#replay.size?.()
  }

  /** Keeps an entry for those who come back. */
  put(entry: LogEntry): void {
    if (this.#failed) return
    try {
      const kept: unknown = this.#replay.put(entry)
      if (isThenable(kept)) this.#follow(kept)
    } catch (error) {
      this.#fail(error)
    }
  }

  /** What a resuming session is sent first; at once where the store answers at once. Never rejects. */
  answer(resumption: Resumption): ResumeAnswer | Promise<ResumeAnswer> {
    const { caughtUp } = this.#options
    const asked = this.#ask(resumption)
    if (!caughtUp) return this.#conclude(resumption.channels, asked)
    const askLater = async (): Promise<ResumeAnswer> => {
      await caughtUp()
      return this.#conclude(resumption.channels, this.#ask(resumption))
    }
    // Who was heard by a process that is ahead of this one is not unknown, but early.
    return then(asked.answer, (answer) =>
      answer ? this.#conclude(resumption.channels, asked) : askLater(),
    )
  }

  /** What a session is sent that has missed something: as if its cursor were unknown. Never rejects. */
  restart(channels: readonly string[]): ResumeAnswer | Promise<ResumeAnswer> {
    const { position } = this
    return this.#conclude(channels, { position, answer: undefined })
  }

  // An id may hold an `@` of its own, so the cursor counts as it stands before its label is taken off.
  #ask({ cursor, channels }: Resumption): Asked {
    const { position } = this
    const { label, id } = parseLabel(cursor)
    if (cursor === position || id === position) return { position, answer: [] }
    const answer = this.#find([
      { after: cursor, channels },
      ...(label ? [{ after: id, label, channels }] : []),
    ])
    return { position, answer }
  }

  #conclude(
    channels: readonly string[],
    { position, answer }: Asked,
  ): ResumeAnswer | Promise<ResumeAnswer> {
    const instead = [this.#otherwise(position)]
    const all = (): Answering =>
      this.#options.policy === 'all' ? this.#find([{ after: undefined, channels }]) : undefined
    return then(answer, (found) =>
      then(found ? undefined : all(), (kept) => {
        const entries = found ?? this.#moving(kept, position) ?? instead
        return { entries, instead, position }
      }),
    )
  }

  /** The answer to the first of the questions that has one. Never rejects. */
  #find(questions: readonly Omit<ReplayQuery, 'now'>[]): Answering {
    if (this.#failed) return undefined
    const failed = (error: unknown): undefined => {
      this.#fail(error)
    }
    const now = this.#options.now()
    const ask = (question: Omit<ReplayQuery, 'now'>) => (): Answering =>
      then(this.#replay.after({ ...question, now }), checkAnswer)
    const find = (): Answering => firstAnswer(questions.map(ask))
    try {
      // What is still on its way into the store was published before this session came: it may be what is asked for.
      const answer = this.#underWay.size === 0 ? find() : Promise.all(this.#underWay).then(find)
      return isThenable(answer) ? Promise.resolve(answer).catch(failed) : answer
    } catch (error) {
      return failed(error)
    }
  }

  #follow(put: PromiseLike<unknown>): void {
    const forget = (): void => void this.#underWay.delete(settled)
    const settled = Promise.resolve(put)
      .then(() => {}, this.#fail)
      .then(forget)
    this.#underWay.add(settled)
  }

  #otherwise(position: string): LogEntry {
    return this.#options.policy === 'none'
      ? this.#entry({ id: position })
      : this.#entry({ event: RESET_EVENT, data: '', id: position })
  }

  // Who has been sent everything must not ask for it again: where no id is in it, one that is behind it.
  #moving(entries: ReplayAnswer, position: string): ReplayAnswer {
    if (!entries || entries.some(({ event }) => event.id)) return entries
    return [...entries, this.#entry({ id: position })]
  }

  #entry(event: LogEntry['event']): LogEntry {
    return { position: '', time: this.#options.now(), channels: [], event }
  }

  readonly #fail = (cause: unknown): void => {
    if (this.#failed) return
    this.#failed = true
    this.#options.onError(cause)
  }
}

type Answering = ReturnType<Replay['after']>

interface Asked {
  /** Where the order stood then. */
  readonly position: string
  readonly answer: Answering
}

// The first of the questions that has an answer; synchronous while the answers are.
function firstAnswer(questions: readonly (() => Answering)[]): Answering {
  const [question, ...rest] = questions
  if (!question) return undefined
  return then(question(), (answer) => answer ?? firstAnswer(rest))
}

function then<Value, Result>(
  value: Value | PromiseLike<Value>,
  next: (value: Value) => Result | PromiseLike<Result>,
): Result | Promise<Result> {
  return isThenable(value) ? Promise.resolve(value).then(next) : (next(value) as Result)
}
