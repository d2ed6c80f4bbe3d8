import type { LogBounds } from '../log/memory-log.ts'
import { MemoryLog } from '../log/memory-log.ts'
import type { LogEntry, Replay, ReplayAnswer, ReplayQuery } from '../log/replay.ts'
import { isAfter, parseRange, parseRead, toLogEntry } from './entry.ts'
import type { StreamEntry } from './entry.ts'
import type { Link } from './link.ts'

/** What a reader is made with. */
export interface ReaderOptions {
  readonly key: string
  readonly ids: 'auto' | 'manual'
  readonly bounds: LogBounds
  /** Takes each entry, in order. */
  readonly deliver: (entry: LogEntry) => void
  /** What was delivered before, and what comes now, do not join. */
  readonly interrupted: () => void
}

interface Waiting {
  /** It waits for this entry; `undefined` where it is yet to be asked which is the newest. */
  id: string | undefined
  readonly resolve: () => void
}

// Entries to a reply: these are delivered in one turn.
const PAGE = 500
// Milliseconds of silence after which it is looked whether the stream is still the one that was followed.
const SILENCE = 5_000

/** Follows a stream: keeps at hand what it holds, delivers what comes, and notices where it is not the same any more. */
export class Reader implements Omit<Replay, 'put'> {
  readonly #options: ReaderOptions
  #log: MemoryLog
  /** What was taken last; nothing while the stream is read from its start. */
  #last: StreamEntry | undefined
  /** The thread was lost, and nobody has been told. */
  #interrupted = false
  #link: Link | undefined
  #looking = false
  #closed = false
  #waiting: Waiting[] = []

  constructor(options: ReaderOptions) {
    this.#options = options
    this.#log = new MemoryLog(options.bounds)
  }

  /** The id of what was taken last. */
  get last(): string {
    return this.#last?.id ?? '0-0'
  }

  readonly position = (): string | undefined => this.#last?.position

  readonly after = (query: ReplayQuery): ReplayAnswer => this.#last && this.#log.after(query)

  readonly size = (): ReturnType<MemoryLog['size']> => this.#log.size()

  /** Resolves when all that is in the stream now has been delivered. */
  readonly caughtUp = (): Promise<void> =>
    new Promise((resolve) => {
      if (this.#closed) resolve()
      else this.#waiting.push({ id: undefined, resolve })
      void this.#look()
    })

  /** Takes up the thread, tells when it has got it, and follows it until the link breaks. */
  async follow(link: Link, ready: () => void): Promise<never> {
    try {
      await this.#catchUp(link)
      this.#link = link
      ready()
      void this.#look()
      for (;;) {
        // oxlint-disable no-await-in-loop -- one reply after the other
        const entries = await this.#wait(link)
        if (entries.length === 0 || !this.#take(entries)) await this.#catchUp(link)
      }
    } finally {
      this.#link = undefined
    }
  }

  /** Keeps nobody waiting any longer. */
  close(): void {
    this.#closed = true
    for (const { resolve } of this.#waiting.splice(0)) resolve()
  }

  async #catchUp(link: Link): Promise<void> {
    if (this.#last && (await this.#goOn(link, this.#last))) return
    await this.#begin(link)
  }

  // From what was taken last, itself included: where that is gone, or another stands in its place, Redis has lost what
  // it had, or this process was away for longer than the stream reaches back.
  async #goOn(link: Link, last: StreamEntry): Promise<boolean> {
    const [same, ...entries] = await this.#read(link, last.id)
    if (same?.position !== last.position || !this.#take(entries)) return false
    const newest = entries.at(-1)
    return entries.length < PAGE - 1 || newest === undefined || this.#goOn(link, newest)
  }

  async #begin(link: Link): Promise<void> {
    if (this.#last) this.#interrupted = true
    this.#last = undefined
    let last: StreamEntry | undefined
    let page: StreamEntry[]
    do {
      page = await this.#read(link, last ? `(${last.id}` : '-')
      for (const entry of page) {
        this.#keep(entry, last)
        last = entry
      }
    } while (page.length === PAGE)
    if (!last) throw new Error('the stream was deleted')
    this.#last = last
    if (this.#interrupted) this.#options.interrupted()
    this.#interrupted = false
    // An id of a stream that was lost is never reached.
    for (const waiting of this.#waiting) waiting.id = undefined
    void this.#look()
  }

  /** Tells whether they join what was taken before; takes those that do. */
  #take(entries: readonly StreamEntry[]): boolean {
    for (const entry of entries) {
      if (entry.n !== (this.#last?.n ?? Number.NaN) + 1) return false
      const kept = this.#keep(entry, this.#last)
      this.#last = entry
      if (kept) this.#options.deliver(kept)
    }
    this.#tell()
    return true
  }

  // What stands before a hole tells nothing of what comes after it.
  #keep(entry: StreamEntry, before: StreamEntry | undefined): LogEntry | undefined {
    const { bounds, ids } = this.#options
    const kept = toLogEntry(entry, ids)
    if (!kept) this.#log = new MemoryLog(bounds, entry.position)
    else {
      if (entry.n !== (before?.n ?? Number.NaN) + 1) this.#log = new MemoryLog(bounds)
      this.#log.put(kept)
    }
    return kept
  }

  // Asks which is the newest, for all who wait to know; who comes meanwhile is the next to be asked for.
  async #look(): Promise<void> {
    const link = this.#link
    const asking = this.#waiting.filter(({ id }) => id === undefined)
    if (this.#looking || !link || asking.length === 0) return
    this.#looking = true
    try {
      const range = ['XREVRANGE', this.#options.key, '+', '-', 'COUNT', '1']
      const [newest] = parseRange(await link.ask(range))
      for (const waiting of asking) waiting.id = newest?.id ?? '0-0'
      this.#tell()
    } catch {
      // The link broke, and the next one is asked.
    }
    this.#looking = false
    void this.#look()
  }

  #tell(): void {
    if (this.#waiting.length === 0) return
    const { last } = this
    const reached = ({ id }: Waiting): boolean => id !== undefined && !isAfter(id, last)
    for (const waiting of this.#waiting) if (reached(waiting)) waiting.resolve()
    this.#waiting = this.#waiting.filter((waiting) => !reached(waiting))
  }

  async #read(link: Link, from: string): Promise<StreamEntry[]> {
    const { key } = this.#options
    return parseRange(await link.ask(['XRANGE', key, from, '+', 'COUNT', String(PAGE)]))
  }

  async #wait(link: Link): Promise<StreamEntry[]> {
    const command = ['XREAD', 'COUNT', String(PAGE), 'BLOCK', String(SILENCE)]
    return parseRead(
      await link.wait([...command, 'STREAMS', this.#options.key, this.last], SILENCE),
    )
  }
}
