/** What has come, held against the numbers that the server gave it. */
export interface Book {
  readonly received: number
  readonly missed: number
  readonly doubled: number
  /** The number of the newest event; `undefined` where the count starts anew. */
  readonly last: number | undefined
}

export const emptyBook: Book = { received: 0, missed: 0, doubled: 0, last: undefined }

/** The book with one more event in it. */
export function entered({ received, missed, doubled, last }: Book, seq: number): Book {
  const expected = (last ?? seq - 1) + 1
  return {
    received: received + 1,
    missed: missed + Math.max(0, seq - expected),
    doubled: doubled + (seq < expected ? 1 : 0),
    last: Math.max(last ?? seq, seq),
  }
}
