import { createParser } from 'eventsource-parser'
import type { EventSourceMessage } from 'eventsource-parser'

/** A client that reads its stream to the end, in the way of the specification. */
export class Reader {
  readonly response: Response
  readonly events: EventSourceMessage[] = []
  /** Everything, as it came. */
  text = ''
  /** Resolves when the stream has ended, well or not. */
  readonly ended: Promise<void>
  readonly #abort: AbortController

  private constructor(response: Response, abort: AbortController) {
    this.response = response
    this.#abort = abort
    this.ended = this.#read().catch(() => {})
  }

  /** Resolves when the head is there. */
  static async open(url: string, headers: Record<string, string> = {}): Promise<Reader> {
    const abort = new AbortController()
    return new Reader(await fetch(url, { headers, signal: abort.signal }), abort)
  }

  get data(): string[] {
    return this.events.map(({ data }) => data)
  }

  async leave(): Promise<void> {
    this.#abort.abort()
    await this.ended
  }

  async #read(): Promise<void> {
    const parser = createParser({ onEvent: (event) => this.events.push(event) })
    const decoder = new TextDecoder()
    for await (const chunk of this.response.body ?? []) {
      const piece = decoder.decode(chunk, { stream: true })
      this.text += piece
      parser.feed(piece)
    }
  }
}
