import type { Snapshot } from '../../wire/market.ts'
import { readSnapshot } from '../snapshot.ts'

/** The market as the server sent it with the page. */
export const snapshot = readSnapshot() as Snapshot
