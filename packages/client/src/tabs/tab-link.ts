import type { StreamError } from '../errors.ts'
import type { RawEvent } from '../event.ts'
import type { Link, TransportRequest, TransportSink } from '../transport/transport.ts'
import { isFor } from './memory.ts'
import type { TabFeed } from './tab-feed.ts'

/** One attempt of a feed: what it asks for, and whom it tells. */
export interface Asking {
  readonly request: TransportRequest
  readonly sink: TransportSink
  readonly types: Iterable<string>
}

export interface TabLinkOptions extends Asking {
  readonly feed: TabFeed
  /** The event types that are wanted here. */
  readonly wanted: () => ReadonlySet<string>
  /** Whether another tab leads. */
  readonly isLed: () => boolean
  readonly onRetry: (delay: number) => void
  /** From its cursor on it reads by itself. */
  readonly onItself: (link: TabLink) => void
  /** It has read something by itself, which the tab that leads may know too. */
  readonly onRead: () => void
  /** It makes way for another link, which is to ask the server itself. */
  readonly onMissed: () => void
  readonly onClosed: (link: TabLink) => void
}

/** An attempt that goes to the server itself, or is told by the tab that leads. */
export class TabLink implements Link {
  /** What it asked for: what is read later is another link's. */
  readonly channels: readonly string[]
  /** Whether it has told anything of the connection; and whether that it is open. */
  begun = false
  isOpen = false
  /** How far its own connection has come. */
  reached = ''
  readonly #options: TabLinkOptions
  /** Its own connection, and what of that is held back. */
  #own: Link | undefined
  #held: RawEvent[] = []
  #hasRead = false
  #over = false

  constructor(options: TabLinkOptions) {
    this.#options = options
    this.channels = options.feed.asked()
  }

  /** Whether it has a connection of its own. */
  get isOwn(): boolean {
    return this.#own !== undefined
  }

  get sink(): TransportSink {
    return this.#options.sink
  }

  /** Goes to the server. */
  goItself(): void {
    if (this.#own !== undefined || this.#over) return
    const { feed, request, sink, types, wanted, ...options } = this.#options
    this.reached = feed.lastEventId()
    const own = feed.transport.connect(
      request,
      {
        ...sink,
        open: () => {
          this.begun = this.isOpen = true
          sink.open()
          if (options.isLed()) options.onItself(this)
        },
        receive: (events, lastEventId, url) => {
          if (!options.isLed()) return sink.receive(events, lastEventId, url)
          this.reached = lastEventId
          this.#held.push(...events)
          // From where it asked before, the tab that leads did not know; what comes now waits for the answer.
          if (!this.#hasRead) options.onRead()
          this.#hasRead = true
        },
        retry: (delay) => {
          options.onRetry(delay)
          sink.retry(delay)
        },
        close: (outcome) => {
          this.letGo()
          this.#own = undefined
          this.end(outcome)
        },
      },
      // Others may have been read since.
      [...types, ...feed.types(), ...wanted()],
    )
    if (this.#over) own.close()
    else this.#own = own
  }

  /** Goes to the server, if it has not; where its request is older than what this tab has heard by now, another link does. */
  goOn(): void {
    const { feed, request, onMissed } = this.#options
    const isBehind = this.begun || request.lastEventId !== feed.lastEventId()
    if (this.#own !== undefined || !isBehind) return this.goItself()
    onMissed()
    this.end({ kind: 'handover' })
  }

  /** Is told from now on. */
  follow(): void {
    this.#own?.close()
    this.#own = undefined
    this.#held = []
  }

  /** This tab leads from now on. */
  lead(): void {
    this.letGo()
    this.goOn()
  }

  /**
   * Tells what is held back. While it may go on with what another tab tells, it goes no further than the last event that
   * is wanted here: what came after that, the other tab may not have told anyone.
   */
  letGo(): void {
    const { sink, wanted, isLed } = this.#options
    const wants = { types: wanted() }
    const isWanted = (event: RawEvent) => !isLed() || isFor(event, wants)
    const events = this.#held.splice(0, this.#held.findLastIndex(isWanted) + 1)
    const last = events.at(-1)
    if (last !== undefined) sink.receive(events, last.lastEventId)
  }

  open(): void {
    if (this.isOpen) return
    const { feed, sink } = this.#options
    // It broke where there was no cursor: that something may be missing is told where another attempt opens.
    if (this.begun && feed.lastEventId() === '') return this.end({ kind: 'handover' })
    this.begun = this.isOpen = true
    sink.open()
  }

  interrupt(error: StreamError, retryAt: number | undefined): void {
    this.begun = true
    this.isOpen = false
    this.#options.sink.interrupted(error, retryAt)
  }

  /** The attempt is over. */
  end(outcome: Parameters<TransportSink['close']>[0]): void {
    if (this.#over) return
    this.close()
    this.#options.sink.close(outcome)
  }

  readonly close = (): void => {
    if (this.#over) return
    this.#over = true
    this.#own?.close()
    this.#options.onClosed(this)
  }

  readonly listen = (types: Iterable<string>): void => {
    this.#own?.listen(types)
  }
}
