import { Queue } from '../log/queue.ts'
import type { Message, Published } from '../provider.ts'
import { appendCommand, parseAppended } from './append.ts'
import type { Append, Appended } from './append.ts'
import { isPassing, isRefusal } from './client.ts'
import { encodeMessage, isAfter, positionOf } from './entry.ts'
import type { Link } from './link.ts'
import { away, closed, full, unconfirmed } from './publish-error.ts'

/** What a writer is made with. */
export interface WriterOptions {
  readonly key: string
  readonly ids: 'auto' | 'manual'
  readonly count: number
  readonly ttl?: number | undefined
  readonly whenAway: 'reject' | 'queue'
  /** Publishes that may wait for Redis to come. */
  readonly maxQueue: number
  /** The newest entry that this process has seen. */
  readonly seen: () => string
}

interface Waiting {
  readonly text: string
  readonly ownId: string | undefined
  readonly resolve: (published: Published) => void
  readonly reject: (error: Error) => void
}

/** What is appended in one go. */
interface Batch {
  readonly name: string
  readonly publishes: readonly Waiting[]
  /** An entry that was there before the first attempt. */
  readonly since: string
  /** It may be in the stream: an attempt has no answer. */
  doubtful: boolean
}

const MAX_BATCH = 500
// In characters: it bounds for how long Redis is kept from everybody else.
const MAX_BATCH_SIZE = 1024 * 1024

/**
 * Appends what is published, in order: one batch is under way, and what is published meanwhile leaves together after it.
 *
 * A batch whose answer was lost is looked for before it is appended again, so nothing is doubled.
 */
export class Writer {
  readonly #options: WriterOptions
  readonly #run = randomName()
  #names = 0
  readonly #queue = new Queue<Waiting>()
  #batch: Batch | undefined
  #sending = false
  /** Nothing while Redis is away. */
  #link: Link | undefined
  /** Why Redis is away; nothing until it was there, or was seen not to be. */
  #absence: Error | undefined
  #closed = false
  #newest = '0-0'

  constructor(options: WriterOptions) {
    this.#options = options
  }

  /** Publishes that have no answer yet. */
  get waiting(): number {
    return this.#queue.length + (this.#batch?.publishes.length ?? 0)
  }

  /** The command that makes sure that there is a stream, and that it can be written. */
  openCommand(): string[] {
    return this.#command({ batch: '', since: this.#known(), messages: [] })
  }

  async publish(message: Message): Promise<Published> {
    const { whenAway, maxQueue } = this.#options
    if (this.#closed) throw closed()
    if (!this.#link) {
      if (this.#absence && whenAway === 'reject') throw away(this.#absence)
      if (this.waiting >= maxQueue) throw full(maxQueue)
    }
    const text = encodeMessage(message)
    return new Promise((resolve, reject) => {
      this.#queue.push({ text, ownId: message.event.id, resolve, reject })
      // What is published in one go leaves in one batch.
      if (this.#queue.length === 1) queueMicrotask(() => void this.#send())
    })
  }

  /** Redis is there. */
  open(link: Link): void {
    this.#link = link
    void this.#send()
  }

  /** Redis is away. */
  shut(cause: Error): void {
    this.#link = undefined
    this.#absence = cause
    if (this.#options.whenAway === 'reject') this.#rejectQueue(() => away(cause))
  }

  /** Takes no more; what waits has waited in vain. */
  close(): void {
    this.#closed = true
    this.#link = undefined
    this.#rejectQueue(closed)
    if (this.#batch?.doubtful) this.#reject(this.#batch, unconfirmed(new Error('it was closed')))
    else if (this.#batch) this.#reject(this.#batch, closed())
  }

  async #send(): Promise<void> {
    if (this.#sending) return
    this.#sending = true
    while (this.#link) {
      this.#batch ??= this.#nextBatch()
      if (!this.#batch) break
      // oxlint-disable-next-line no-await-in-loop -- one after the other is what keeps the order
      await this.#attempt(this.#link, this.#batch)
    }
    this.#sending = false
  }

  #nextBatch(): Batch | undefined {
    const publishes: Waiting[] = []
    let size = 0
    while (publishes.length < MAX_BATCH && size < MAX_BATCH_SIZE) {
      const next = this.#queue.shift()
      if (!next) break
      publishes.push(next)
      size += next.text.length
    }
    if (publishes.length === 0) return undefined
    return { name: this.#name(), publishes, since: this.#known(), doubtful: false }
  }

  #command(append: Pick<Append, 'batch' | 'since' | 'messages'>): string[] {
    const { key, count, ttl } = this.#options
    return appendCommand({ key, count, ttl, mark: this.#name(), ...append })
  }

  // The newest entry that this process has seen, one way or the other.
  #known(): string {
    const seen = this.#options.seen()
    return isAfter(seen, this.#newest) ? seen : this.#newest
  }

  // Never used before, here or elsewhere.
  #name(): string {
    return this.#run + (this.#names++).toString(36)
  }

  async #attempt(link: Link, batch: Batch): Promise<void> {
    const { name, since, publishes, doubtful } = batch
    const messages = publishes.map(({ text }) => text)
    batch.doubtful = true
    try {
      const command = this.#command({ batch: name, since, messages })
      const appended = parseAppended(await link.ask(command))
      batch.doubtful = doubtful
      if (this.#batch === batch) this.#settle(batch, appended)
    } catch (error) {
      const cause = error as Error
      const refused = isRefusal(cause)
      if (refused) batch.doubtful = doubtful
      if (this.#batch !== batch) return
      if (refused && !isPassing(cause)) this.#reject(batch, doubtful ? unconfirmed(cause) : cause)
      else this.#lose(link, batch, cause)
    }
  }

  #settle(batch: Batch, { outcome, mark, first, newest }: Appended): void {
    this.#newest = newest
    if (outcome === 'appended') {
      this.#batch = undefined
      for (const [at, { ownId, resolve }] of batch.publishes.entries()) {
        const automatic = this.#options.ids === 'auto' ? positionOf(mark, first + at) : undefined
        resolve({ id: ownId ?? automatic })
      }
    } else if (batch.doubtful) {
      this.#reject(batch, unconfirmed(new Error('the stream was trimmed meanwhile')))
    } else {
      // Nothing of it can be there: from here on it is found.
      this.#batch = { ...batch, name: this.#name(), since: newest }
    }
  }

  #lose(link: Link, batch: Batch, cause: Error): void {
    link.break(cause)
    if (this.#link === link) this.#link = undefined
    if (this.#options.whenAway === 'queue') return
    this.#reject(batch, batch.doubtful ? unconfirmed(cause) : away(cause))
  }

  #reject(batch: Batch, error: Error): void {
    this.#batch = undefined
    for (const { reject } of batch.publishes) reject(error)
  }

  #rejectQueue(error: () => Error): void {
    for (let next = this.#queue.shift(); next; next = this.#queue.shift()) next.reject(error())
  }
}

function randomName(): string {
  const [word = 0, more = 0] = crypto.getRandomValues(new Uint32Array(2))
  // Eight digits always, so that a run's names are never another's: 36 ** 4 = 1,679,616.
  return [word, more].map((one) => (one % 36 ** 4).toString(36).padStart(4, '0')).join('')
}
