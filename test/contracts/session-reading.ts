/** A client of one stream, which reads when it is told to. */
export class Reading {
  /** Goes away without a word, in the middle of whatever comes. */
  readonly leave: () => void
  readonly #chunks: AsyncIterator<Uint8Array>
  readonly #decoder = new TextDecoder()
  #read: string[] = []

  constructor(stream: AsyncIterable<Uint8Array>, leave: () => void) {
    this.#chunks = stream[Symbol.asyncIterator]()
    this.leave = leave
  }

  /** All that it has read and not forgotten. */
  get text(): string {
    this.#read = [this.#read.join('')]
    return this.#read[0] ?? ''
  }

  /** The data of each event so far. */
  get data(): string[] {
    return [...this.text.matchAll(/^data: (.*)$/gm)].map(([, data = '']) => data)
  }

  /** The last id so far. */
  get cursor(): string {
    return [...this.text.matchAll(/^id: (.*)$/gm)].at(-1)?.[1] ?? ''
  }

  /** Reads until something comes. */
  async until(fragment: string): Promise<void> {
    let tail = this.text
    while (!tail.includes(fragment)) {
      // oxlint-disable-next-line no-await-in-loop -- a stream is read one chunk after the other
      const next = await this.#next()
      if (next === undefined) throw new Error(`Cannot find ${fragment}: the stream has ended.`)
      tail = tail.slice(1 - fragment.length) + next
    }
  }

  /** Reads to the end; rejects where the stream is broken off. */
  async rest(): Promise<string> {
    // oxlint-disable-next-line no-await-in-loop -- a stream is read one chunk after the other
    while ((await this.#next()) !== undefined);
    return this.text
  }

  forget(): void {
    this.#read = []
  }

  /** Forgets the event that has not come to its end, as clients do where a stream is broken off. */
  forgetHalf(): void {
    this.#read = [this.text.slice(0, this.text.lastIndexOf('\n\n') + 2)]
  }

  async #next(): Promise<string | undefined> {
    const { done, value } = await this.#chunks.next()
    if (done) return undefined
    const text = this.#decoder.decode(value, { stream: true })
    this.#read.push(text)
    return text
  }
}
