import { eventStream, json } from 'millrace'
import type { Beat } from '../../wire/tabs.ts'
import { emptyBook, entered } from '../flow/book.ts'
import { streamServer } from '../flow/stream-server.ts'
import { pool } from '../pool.ts'

/** One connection for all tabs that show this page. */
export const beats = eventStream('/tabs/events', { pool, events: { beat: json<Beat>() } })

/** What this tab has heard. */
export const book = beats.reduce('beat', (so, { data }) => entered(so, data.seq), emptyBook)

export const tabsServer = streamServer('/tabs')
