import { covers } from '@millrace/server'
import type { Connection } from './connection.ts'
import { HarnessError } from './error.ts'
import type { Log, LogRecord } from './log.ts'

/** Who is waited for. */
export interface ConnectedOptions {
  /** How many, at least. Defaults to 1. */
  readonly count?: number
  /** Only who hears this channel counts. Defaults to everyone. */
  readonly channel?: string
}

/** Where one looks for those who should be connected. */
export interface Whereabouts {
  readonly address: string
  readonly log: Log
  readonly mount: { readonly connections: readonly Connection[] }
}

/** Those who hear a channel; everyone where none is named. */
export function hearersOf(
  { mount }: Whereabouts,
  channel: string | undefined,
): readonly Connection[] {
  if (channel === undefined) return mount.connections
  return mount.connections.filter(({ session }) =>
    session.channels.some((own) => covers(own, channel)),
  )
}

/** The connections waited for; throws where they are too few. */
export function connectedOf(where: Whereabouts, wanted: ConnectedOptions): readonly Connection[] {
  const { count = 1, channel } = wanted
  const found = hearersOf(where, channel)
  if (found.length >= count) return found
  const many = count === 1 ? 'a client' : `${count} clients`
  const on = channel === undefined ? '' : ` on channel "${channel}"`
  throw new HarnessError(
    'not-connected',
    `Cannot see ${many} connected to ${where.address}${on}: everything is quiet, and ${describe(where)}. Do render what connects, or move its clock, before connected().`,
  )
}

/** The error for whatever needs somebody to be there. */
export function nobodyConnected(what: string, where: Whereabouts, channel?: string): HarnessError {
  const who = channel === undefined ? 'nobody is connected' : `nobody hears "${channel}"`
  const offer = what === 'send' ? ', or say { allowNone: true }' : ''
  return new HarnessError(
    'nobody-connected',
    `Cannot ${what}: ${who} at ${where.address} (${describe(where)}). Do await connected() first${offer}.`,
  )
}

/** What has been seen, in words. */
function describe({ mount, log }: Whereabouts): string {
  const present = mount.connections.map(({ number, session }) => {
    const { channels } = session
    return `client ${number}${channels.length === 0 ? '' : ` (${channels.join(', ')})`}`
  })
  const here = present.length === 0 ? 'nobody is connected' : `there is ${present.join(', ')}`
  const past = log.records.flatMap(pastOf)
  return past.length === 0 ? `${here}; no request has come` : `${here}; ${past.join(', ')}`
}

function pastOf(record: LogRecord): string[] {
  switch (record.kind) {
    case 'requested':
      return [`client ${record.client} asked for ${record.url}`]
    case 'refused':
      return [`client ${record.client} got ${record.status}`]
    case 'failed':
      return [`client ${record.client} could not reach the server`]
    case 'closed':
      return [`client ${record.client} was closed (${record.reason})`]
    case 'opened':
    case 'sent':
    case 'wrote':
    case 'told':
      return []
  }
}
