import { createParser } from 'eventsource-parser'
import { Watch } from './watch.ts'

interface Streaming {
  readonly fetch: (request: Request) => Response | Promise<Response>
}

/** An event as a client heard it. */
export interface HeardEvent {
  readonly type: string
  readonly data: string
  readonly id: string | undefined
}

/** A client that keeps its cursor, and all that it heard, over as many connections to as many servers as it takes. */
export class Listener {
  readonly heard: HeardEvent[] = []
  readonly #path: string
  cursor: string | undefined
  #comments = 0
  #connection = new AbortController()
  #reading: Promise<void> = Promise.resolve()
  #over = true
  /** Kept while it is read: Node's abort signal of a request goes with the request. */
  #request: Request | undefined
  readonly #watch = new Watch()

  constructor(path: string) {
    this.#path = path
  }

  /** The data of all events that it heard. */
  get data(): readonly string[] {
    return this.heard.map(({ data }) => data)
  }

  /** Whether it is not connected. */
  get over(): boolean {
    return this.#over
  }

  /** Connects; resolves when the stream is open, and rejects where it does not open. */
  async connect(server: Streaming): Promise<void> {
    this.#connection = new AbortController()
    const { signal } = this.#connection
    const headers: HeadersInit = this.cursor === undefined ? {} : { 'last-event-id': this.cursor }
    this.#request = new Request(`http://localhost${this.#path}`, { headers, signal })
    const response = await server.fetch(this.#request)
    if (!response.ok || !response.body) throw new Error(`The stream is refused: ${response.status}`)
    const before = this.#comments
    this.#over = false
    this.#reading = this.#read(response.body)
    await this.until(() => this.#comments > before || this.#over)
  }

  /** Breaks the connection; resolves when nothing more can be heard of it. */
  async leave(): Promise<void> {
    this.#connection.abort()
    await this.#reading
  }

  /** Resolves when the server has ended the stream. */
  async ended(): Promise<void> {
    await this.#reading
  }

  /** Resolves when it has heard so many events in all. */
  hears(count: number): Promise<void> {
    return this.until(() => this.heard.length >= count)
  }

  /** Resolves when a fact about it is true. */
  until(fact: () => boolean): Promise<void> {
    return this.#watch.until(fact)
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    const parser = createParser({
      onId: (id) => (this.cursor = id),
      onComment: () => (this.#comments += 1),
      onEvent: ({ event = 'message', data, id }) => this.heard.push({ type: event, data, id }),
    })
    try {
      const decoder = new TextDecoder()
      for await (const chunk of body) {
        parser.feed(decoder.decode(chunk, { stream: true }))
        this.#watch.tell()
      }
    } catch {
      // The connection broke, which is how clients come back.
    }
    this.#over = true
    this.#watch.tell()
  }
}
