/** A client of one stream, which reads when it is told to. */
export class Reading {
  /** All that it has read. */
  text = ''
  readonly leave: () => void
  readonly #chunks: AsyncIterator<Uint8Array>
  readonly #decoder = new TextDecoder()

  /** `leave` goes away without a word, in the middle of whatever comes. */
  constructor(stream: AsyncIterable<Uint8Array>, leave: () => void) {
    this.#chunks = stream[Symbol.asyncIterator]()
    this.leave = leave
  }

  /** Reads until something comes; resolves to all that was read so far, that included. */
  async until(fragment: string): Promise<string> {
    let from = 0
    while (!this.text.includes(fragment, from)) {
      from = Math.max(0, this.text.length - fragment.length)
      // oxlint-disable-next-line no-await-in-loop -- a stream is read one chunk after the other
      if (!(await this.#next())) throw new Error(`ended before ${fragment} came: ${this.text}`)
    }
    return this.text
  }

  /** Reads to the end; rejects where the stream is broken off. */
  async rest(): Promise<string> {
    // oxlint-disable-next-line no-await-in-loop -- a stream is read one chunk after the other
    while (await this.#next());
    return this.text
  }

  /** The data of each event so far. */
  get data(): string[] {
    return [...this.text.matchAll(/^data: (.*)$/gm)].map(([, data = '']) => data)
  }

  /** Forgets the event that has not come to its end, as clients do where a stream is broken off. */
  forgetHalf(): void {
    this.text = this.text.slice(0, this.text.lastIndexOf('\n\n') + 2)
  }

  /** The last id so far. */
  get cursor(): string {
    return [...this.text.matchAll(/^id: (.*)$/gm)].at(-1)?.[1] ?? ''
  }

  async #next(): Promise<boolean> {
    const { done, value } = await this.#chunks.next()
    if (!done) this.text += this.#decoder.decode(value, { stream: true })
    return !done
  }
}
