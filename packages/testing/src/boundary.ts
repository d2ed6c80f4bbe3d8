// CRLF is one line end: the CR before an LF is none of its own.
const BLANK_LINE = /(?:\r\n|\n|\r(?!\n))(?:\r\n|\n|\r)$/

/** Knows whether what was written so far leaves an event half told. */
export class Boundary {
  #tail = '\n\n'

  add(bytes: Uint8Array): void {
    this.#tail = (this.#tail + String.fromCharCode(...bytes.subarray(-4))).slice(-4)
  }

  get isBetweenEvents(): boolean {
    return BLANK_LINE.test(this.#tail)
  }
}
