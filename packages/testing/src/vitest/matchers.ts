import type { ServerEvent } from '@millrace/server'
import { covers, stripLabel } from '@millrace/server'
import { invalid } from '../argument.ts'
import { channelOf } from '../channel.ts'
import type { FakeClient } from '../client.ts'
import type { FakeEventServer } from '../fake-event-server.ts'
import { describe } from '../presence.ts'
import type { ConnectedOptions } from '../presence.ts'

/**
 * What an event is expected to be: at least this; `channel` is the one it was sent to.
 *
 * @example
 * expect(events).toHaveSent({ channel: 'pets', data: 'Corgi' })
 */
export type ExpectedEvent = Partial<ServerEvent> & { readonly channel?: string }

/** What of vitest's own a matcher uses. */
interface Matching {
  readonly isNot: boolean
  readonly equals: (left: unknown, right: unknown, testers?: never[]) => boolean
  readonly customTesters: readonly unknown[]
  readonly utils: {
    readonly stringify: (value: unknown, depth: number, options: { readonly min: true }) => string
    readonly iterableEquality: unknown
    readonly subsetEquality: unknown
  }
}

interface Verdict {
  readonly pass: boolean
  readonly message: () => string
  readonly actual?: unknown
  readonly expected?: unknown
}

/**
 * Which connections count.
 *
 * @example
 * expect(events).toHaveConnections(1, { channel: 'pets' })
 */
export type ConnectionsOptions = Pick<ConnectedOptions, 'channel'>

/** Whether so many are connected. */
function toHaveConnections(
  this: Matching,
  received: unknown,
  count: number,
  { channel }: ConnectionsOptions = {},
): Verdict {
  const events = fakeOf('toHaveConnections', received)
  const open = events.clients.filter(
    ({ channels }) =>
      channel === undefined || channels.some((own) => covers(own, channelOf(channel))),
  )
  const on = channel === undefined ? '' : ` on channel "${channel}"`
  return {
    pass: open.length === count,
    message: () =>
      `expected ${events.address} ${not(this)}to have ${many(count, 'connection')}${on}, but it has ${open.length}: ${describe(events.log)}`,
    actual: open.length,
    expected: count,
  }
}

/** Whether nobody is connected. */
function toHaveNoOpenConnections(this: Matching, received: unknown): Verdict {
  const events = fakeOf('toHaveNoOpenConnections', received)
  const open = events.clients.map(whoIs)
  return {
    pass: open.length === 0,
    message: () =>
      this.isNot
        ? `expected ${events.address} to have open connections, but it has none: ${describe(events.log)}`
        : `expected ${events.address} to have no open connections, but it has ${open.length}: ${open.join(', ')}`,
  }
}

/** Whether somebody has come with this cursor; or whether this client has. */
function toHaveResumedFrom(this: Matching, received: unknown, id: string): Verdict {
  const cursors = cursorsOf(received)
  const told = cursors.map(
    ({ client, lastEventId }) =>
      `client ${client} ${lastEventId === undefined ? 'without a cursor' : `with "${lastEventId}"`}`,
  )
  const who = isFake(received) ? received.address : 'the client'
  return {
    pass: cursors.some(
      ({ lastEventId: cursor }) =>
        cursor !== undefined && [cursor, stripLabel(cursor)].includes(id),
    ),
    message: () =>
      `expected ${who} ${not(this)}to have been asked to resume from "${id}", but requests came: ${told.join(', ') || 'none'}`,
  }
}

/** Whether these were sent, in this order; others may have been sent between them. */
function toHaveSent(this: Matching, received: unknown, ...wanted: ExpectedEvent[]): Verdict {
  const events = fakeOf('toHaveSent', received)
  const sent = events.log.flatMap((record) => {
    if (record.kind !== 'sent') return []
    const { channel, event } = record
    return [channel === undefined ? event : { ...event, channel }]
  })
  const { iterableEquality, subsetEquality } = this.utils
  const testers = [...this.customTesters, iterableEquality, subsetEquality] as never[]
  let found = 0
  for (const event of sent) {
    if (found < wanted.length && this.equals(event, wanted[found], testers)) found += 1
  }
  const list = (all: readonly unknown[]): string =>
    all.map((event) => `\n  ${this.utils.stringify(event, 10, { min: true })}`).join('') ||
    ' nothing'
  const missing =
    found < wanted.length
      ? `\nof which this is missing:${list(wanted.slice(found, found + 1))}`
      : ''
  return {
    pass: wanted.length === 0 ? sent.length > 0 : found === wanted.length,
    message: () =>
      `expected ${events.address} ${not(this)}to have sent${wanted.length === 0 ? ' anything' : `:${list(wanted)}${missing}`}\nbut it has sent:${list(sent)}`,
  }
}

/** What `expect` is extended with. */
export const matchers: {
  readonly toHaveConnections: typeof toHaveConnections
  readonly toHaveNoOpenConnections: typeof toHaveNoOpenConnections
  readonly toHaveResumedFrom: typeof toHaveResumedFrom
  readonly toHaveSent: typeof toHaveSent
} = { toHaveConnections, toHaveNoOpenConnections, toHaveResumedFrom, toHaveSent }

function not({ isNot }: Matching): string {
  return isNot ? 'not ' : ''
}

function many(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`
}

/** One that is connected, in words. */
export function whoIs({ number, request, channels }: FakeClient): string {
  const on = channels.length === 0 ? '' : ` on ${channels.join(', ')}`
  return `client ${number} (${request.method} ${request.url}${on})`
}

function cursorsOf(
  received: unknown,
): readonly { readonly client: number; readonly lastEventId: string | undefined }[] {
  if (isClient(received)) return [{ client: received.number, lastEventId: received.lastEventId }]
  return fakeOf('toHaveResumedFrom', received).log.flatMap((record) =>
    record.kind === 'requested' ? [record] : [],
  )
}

/** Gives a fake back; throws where something else is looked at. */
export function fakeOf(call: string, received: unknown): FakeEventServer {
  if (isFake(received)) return received
  const remedy = 'give it what fakeEventServer() has made'
  throw invalid(`ask ${call} of this`, 'it is no fake event server', remedy)
}

function isFake(received: unknown): received is FakeEventServer {
  return isObject(received) && 'log' in received && 'clients' in received && 'address' in received
}

function isClient(received: unknown): received is FakeClient {
  return isObject(received) && 'number' in received && 'lastEventId' in received
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
