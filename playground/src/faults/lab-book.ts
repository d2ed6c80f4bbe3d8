import { emptyBook, entered, type Book } from '../flow/book.ts'

/** The book of a stream whose events may come in another order than they were numbered in. */
export interface LabBook extends Book {
  /** Events that came behind a newer one. */
  readonly disordered: number
  /** The numbers of those that are missed, the last so many. */
  readonly missing: readonly number[]
}

const KEPT = 100

export const emptyLabBook: LabBook = { ...emptyBook, disordered: 0, missing: [] }

/** The book with one more event in it. */
export function enter(book: LabBook, seq: number): LabBook {
  const { received, missed, disordered, missing, last = seq } = book
  if (missing.includes(seq)) {
    return {
      ...book,
      received: received + 1,
      missed: missed - 1,
      disordered: disordered + 1,
      missing: missing.filter((other) => other !== seq),
    }
  }
  const skipped = Array.from(
    { length: Math.min(KEPT, Math.max(0, seq - last - 1)) },
    (_, index) => seq - 1 - index,
  )
  return { ...book, ...entered(book, seq), missing: [...skipped, ...missing].slice(0, KEPT) }
}
