import { parseLabel } from '../label.ts'
import type { ReplaySize } from '../stats.ts'
import { isThenable } from '../thenable.ts'
import { noReplay } from './no-replay.ts'
import type { LogEntry, Replay, ReplayAnswer } from './replay.ts'

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
  /** The position of the newest entry; a promise where that is not known yet, and nothing has come. */
  readonly position: () => string | Promise<string>
  readonly onError: (cause: unknown) => void
}

/** Who resumes: a cursor as it was received, and the subtrees it is about. */
export interface Resumption {
  /** An empty one is unknown. */
  readonly cursor: string
  readonly channels: readonly string[]
}

/** What a resuming session is sent first. */
export interface ResumeAnswer {
  readonly entries: readonly LogEntry[]
  /** What it is sent where these cannot be written. */
  readonly instead: readonly LogEntry[]
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

  /** Where the order stands now: the cursor of who has heard everything. A promise where that is not known yet. */
  get position(): string | Promise<string> {
    return this.#options.position()
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

  /** What a session is sent that has no cursor: where the order stands, when that is known. Never rejects. */
  async welcome(position: Promise<string>): Promise<ResumeAnswer> {
    const entries = [this.#entry({ id: await position })]
    return { entries, instead: entries }
  }

  /** What a resuming session is sent first; at once where the store answers at once. Never rejects. */
  answer(resumption: Resumption): ResumeAnswer | Promise<ResumeAnswer> {
    const { position } = this
    // Nothing is live for it before the position is known.
    return isThenable(position)
      ? position.then((known) => this.#answerAt(known, resumption))
      : this.#answerAt(position, resumption)
  }

  // The position is where the order stood when the session joined: what is live for it comes after this.
  #answerAt(
    position: string,
    { cursor, channels }: Resumption,
  ): ResumeAnswer | Promise<ResumeAnswer> {
    const { label, id } = parseLabel(cursor)
    if (cursor === position || id === position) return { entries: [], instead: [] }
    const instead = [this.#otherwise(position)]
    const answered = (answer: ReplayAnswer): ResumeAnswer => ({
      entries: answer ?? instead,
      instead,
    })
    const failed = (error: unknown): ResumeAnswer => {
      this.#fail(error)
      return answered(undefined)
    }
    const ask = (after: string | undefined, of?: readonly string[]): Answering =>
      this.#replay.after({ after, label: of, channels, now: this.#options.now() })
    const find = (): Answering => {
      // An id may hold an `@` of its own, so the cursor counts as it stands before its label is taken off.
      const questions = [() => ask(cursor), ...(label ? [() => ask(id, label)] : [])]
      if (this.#options.policy !== 'all') return firstAnswer(questions)
      return firstAnswer([
        ...questions,
        () => then(ask(undefined), (all) => this.#moving(all, position)),
      ])
    }
    if (this.#failed) return answered(undefined)
    try {
      // What is still on its way into the store was published before this session came: it may be what is asked for.
      const answer = this.#underWay.size === 0 ? find() : Promise.all(this.#underWay).then(find)
      return isThenable(answer) ? Promise.resolve(answer).then(answered, failed) : answered(answer)
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

// The first of the questions that has an answer; synchronous while the answers are.
function firstAnswer(questions: readonly (() => Answering)[]): Answering {
  const [question, ...rest] = questions
  if (!question) return undefined
  return then(question(), (answer) => answer ?? firstAnswer(rest))
}

function then(answer: Answering, next: (answer: ReplayAnswer) => Answering): Answering {
  return isThenable(answer) ? Promise.resolve(answer).then(next) : next(answer)
}
