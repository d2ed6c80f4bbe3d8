import type { RawEvent } from '../event.ts'
import { isWithin } from '../stream/channel-name.ts'
import type { TransportRequest, TransportSink } from '../transport/transport.ts'

interface FakeEvent {
  readonly id: string
  readonly type: string
  readonly data: string
  readonly channel?: string
}

/** Where a server is that has sent nothing yet. */
const START = '0'

/** A tab, as its connections know it. */
interface ConnectedTab {
  readonly dead: boolean
  readonly hearsEveryType: boolean
  readonly happens: (lane: string, run: () => void) => void
  readonly forget: (lane: string) => void
}

/** A server that keeps every event, and sends who comes with a cursor what came after it. */
export class FakeServer<Tab extends ConnectedTab> {
  readonly events: FakeEvent[] = []
  readonly connections = new Set<FakeConnection<Tab>>()
  /** How many were ever asked for. */
  asked = 0
  /** What it answers with, in the place of a stream. */
  refusal: Parameters<TransportSink['close']>[0] | undefined
  /** Whether cursors mean anything to it. */
  replays = true

  publish(type: string, id: string = String(this.events.length + 1), channel = ''): void {
    const event = { id, type, data: id, channel }
    this.events.push(event)
    for (const connection of this.connections) connection.send([event])
  }

  /** Says in every connection where the stream is. */
  move(): void {
    const { id = START } = this.events.findLast((event) => event.id !== '') ?? {}
    for (const connection of this.connections) connection.move(connection.labels ? `@${id}` : id)
  }

  /** Breaks every connection. */
  drop(): void {
    for (const connection of this.connections) connection.break()
  }
}

/** A request that a tab's transport made. */
export class FakeConnection<Tab extends ConnectedTab> {
  readonly tab: Tab
  readonly request: TransportRequest
  readonly types: Set<string>
  readonly #server: FakeServer<Tab>
  readonly #sink: TransportSink
  readonly #lane: string
  readonly #channels: ReadonlySet<string>
  #lastEventId: string
  open = true

  constructor(
    server: FakeServer<Tab>,
    tab: Tab,
    { request, sink, types }: { request: TransportRequest; sink: TransportSink; types: string[] },
  ) {
    server.asked += 1
    this.tab = tab
    this.request = request
    this.types = new Set(types)
    this.#server = server
    this.#sink = sink
    this.#lane = `net ${server.asked}`
    this.#channels = new Set(new URL(request.url).searchParams.getAll('channel'))
    this.#lastEventId = request.lastEventId
    if (tab.dead) return
    server.connections.add(this)
    if (server.refusal === undefined) {
      this.#task(() => sink.open())
      const cursor = request.lastEventId.slice(request.lastEventId.indexOf('@') + 1)
      const from = server.events.findLastIndex(({ id }) => id === cursor)
      const isKnown = from !== -1 || cursor === START
      const { searchParams } = new URL(request.url)
      const added = new Set(searchParams.getAll('added'))
      const isResumed = ({ channel = '' }: FakeEvent) => channel === '' || !isWithin(channel, added)
      if (server.replays && isKnown) this.send(server.events.slice(from + 1).filter(isResumed))
      // What begins now, begins here.
      const begins = added.size > 0 || (this.#channels.size > 0 && cursor === '')
      if (begins) this.move(`@${server.events.at(-1)?.id ?? START}`)
    } else {
      const { refusal } = server
      server.connections.delete(this)
      this.#task(() => sink.close(refusal))
    }
  }

  send(events: readonly FakeEvent[]): void {
    const raw = events
      .filter(({ channel = '' }) => this.#asksFor(channel))
      .map(({ id, type, data, channel = '' }): RawEvent => {
        const labelled = this.#label(channel) + id
        if (id !== '') this.#lastEventId = labelled
        return {
          type,
          data,
          lastEventId: this.#lastEventId,
          id: id === '' ? undefined : labelled,
        }
      })
    if (raw.length === 0) return
    this.#task(() => {
      const heard = raw.filter(({ type }) => this.tab.hearsEveryType || this.types.has(type))
      const last = heard.at(-1)
      if (last !== undefined) this.#sink.receive(heard, last.lastEventId)
    })
  }

  /** Whether ids begin with channels. */
  get labels(): boolean {
    return this.#channels.size > 0
  }

  /** Says where the stream is, without an event. */
  move(lastEventId: string): void {
    this.#lastEventId = lastEventId
    this.#task(() => this.#sink.receive([], lastEventId))
  }

  retry(delay: number): void {
    this.#task(() => this.#sink.retry(delay))
  }

  skip(size: number): void {
    this.#task(() => this.#sink.skipped(size))
  }

  break(): void {
    this.#server.connections.delete(this)
    this.tab.forget(this.#lane)
    this.#task(() => this.#sink.close({ kind: 'network', cause: undefined }))
  }

  close(): void {
    this.open = false
    this.#server.connections.delete(this)
    this.tab.forget(this.#lane)
  }

  #asksFor(channel: string): boolean {
    return channel === '' || this.#channels.has('/') || isWithin(channel, this.#channels)
  }

  /** Which of several channels, or of those below one, an event is of. */
  #label(channel: string): string {
    const isClear = this.#channels.has(channel) && this.#channels.size === 1
    return this.#channels.size === 0 || isClear ? '' : `${channel}@`
  }

  #task(run: () => void): void {
    this.tab.happens(this.#lane, () => {
      if (this.open) run()
    })
  }
}
