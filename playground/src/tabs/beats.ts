import { eventStream, json } from 'millrace'
import type { Beat } from '../../wire/tabs.ts'
import { streamServer } from '../flow/stream-server.ts'
import { pool } from '../pool.ts'

/** What this tab has heard. */
export interface Books {
  readonly received: number
  readonly missed: number
  readonly doubled: number
  readonly last: number | undefined
}

/** One connection for all tabs that show this page. */
export const beats = eventStream('/tabs/events', { pool, events: { beat: json<Beat>() } })

export const books = beats.reduce('beat', enter, {
  received: 0,
  missed: 0,
  doubled: 0,
  last: undefined,
})

export const tabsServer = streamServer('/tabs')

function enter(
  { received, missed, doubled, last }: Books,
  { data: { seq } }: { data: Beat },
): Books {
  const step = last === undefined ? 1 : seq - last
  return {
    received: received + 1,
    missed: missed + Math.max(step - 1, 0),
    doubled: doubled + (step < 1 ? 1 : 0),
    last: step < 1 ? last : seq,
  }
}
