// WHATWG HTML, 9.2.5 "Parsing an event stream": lines end in CRLF, LF or CR; an empty line ends an event.
const EOL = String.raw`(?:\r\n|\n|\r(?!\n))`
const BLOCK = new RegExp(`(?:[^\\r\\n]+${EOL})*${EOL}`, 'y')

/** The blocks of a text, each up to the empty line that ends it, and what is left behind the last. */
export function blocksOf(text: string): {
  readonly blocks: readonly string[]
  readonly rest: string
} {
  const blocks: string[] = []
  let at = 0
  for (;;) {
    BLOCK.lastIndex = at
    const [block] = BLOCK.exec(text) ?? []
    if (block === undefined) return { blocks, rest: text.slice(at) }
    blocks.push(block)
    at += block.length
  }
}

/** Finds blocks in a text that comes in pieces. */
export class Blocks {
  #rest = ''

  /** The blocks that are whole with this piece. */
  feed(piece: string): readonly string[] {
    const { blocks, rest } = blocksOf(this.#rest + piece)
    const last = rest === '' ? blocks.at(-1) : undefined
    // A CR may be half a CRLF.
    const isOpen = last?.endsWith('\r') ?? false
    this.#rest = isOpen ? (last ?? '') : rest
    return isOpen ? blocks.slice(0, -1) : blocks
  }

  /** What is left: the blocks that are whole after all, and the half of one. */
  end(): { readonly blocks: readonly string[]; readonly rest: string } {
    const left = blocksOf(this.#rest)
    this.#rest = ''
    return left
  }
}
