import type { ReadonlySignal } from '@preact/signals-core'
import { market } from './market-stream.ts'
import { snapshot } from './snapshot.ts'

/** An event as it is kept in the books. */
interface Entry {
  /** Counts what was received, so that an event that came twice is in the books twice. */
  readonly nth: number
  /** The id as it came over the wire, with the channel's label. */
  readonly id: string
  readonly type: string
}

/** Every event that reached this page, checked against the numbers that the server gave them. */
export interface Ledger {
  readonly received: number
  readonly missed: number
  readonly doubled: number
  /** The `seq` of the newest event; `undefined` where the count starts anew. */
  readonly last: number | undefined
  /** The newest entries, the oldest first. */
  readonly entries: readonly Entry[]
}

export const ENTRIES_KEPT = 500

const opening: Ledger = { received: 0, missed: 0, doubled: 0, last: snapshot.seq, entries: [] }

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
  const { seq } = data
  const { last = seq - 1 } = book
  const nth = book.received + 1
  return {
    received: nth,
    missed: book.missed + Math.max(0, seq - last - 1),
    doubled: book.doubled + (seq <= last ? 1 : 0),
    last: Math.max(last, seq),
    entries: [...book.entries.slice(1 - ENTRIES_KEPT), { nth, id, type }],
  }
}
