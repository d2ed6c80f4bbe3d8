import type { ReadonlySignal } from '@preact/signals-core'
import { emptyBook, entered, type Book } from '../flow/book.ts'
import { market } from './market-stream.ts'
import { snapshot } from './snapshot.ts'

/** An event as it is kept in the books. */
export interface Entry {
  /** Counts what was received, so that an event that came twice is in the books twice. */
  readonly nth: number
  /** The id as it came over the wire, with the channel's label. */
  readonly id: string
  readonly type: string
}

/** Every event that reached this page. */
interface Ledger extends Book {
  /** The newest entries, the oldest first. */
  readonly entries: readonly Entry[]
}

export const ENTRIES_KEPT = 500

const opening: Ledger = { ...emptyBook, last: snapshot.seq, entries: [] }

/** The books: a reducer sees every event, in order, so what is missing here never came. */
export const ledger: ReadonlySignal<Ledger> = market.reduce('*', enter, opening)

interface Numbered {
  readonly type: string
  readonly lastEventId: string
  readonly data: { readonly seq: number } | string
}

function enter(book: Ledger, { type, lastEventId: id, data }: Numbered): Ledger {
  // Without a number it is the server's word that it cannot go on from our cursor: it was started anew.
  if (typeof data === 'string') return { ...book, last: undefined }
  const entries = [...book.entries.slice(1 - ENTRIES_KEPT), { nth: book.received + 1, id, type }]
  return { ...entered(book, data.seq), entries }
}
