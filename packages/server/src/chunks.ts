type Chunk = Uint8Array<ArrayBuffer>

const utf8 = new TextEncoder()

/** The chunks of one flush: whoever gets the same text gets the same bytes, of another group too. */
export class Chunks {
  readonly #byText = new Map<string, Chunk>()

  /** One chunk of these; `undefined` where there is nothing in them. */
  of(texts: readonly string[]): Chunk | undefined {
    const text = texts.join('')
    if (text === '') return undefined
    let chunk = this.#byText.get(text)
    if (!chunk) this.#byText.set(text, (chunk = utf8.encode(text)))
    return chunk
  }
}
