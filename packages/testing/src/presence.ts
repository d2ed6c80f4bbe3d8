import { covers } from '@millrace/server'
import { isReturning } from './activity.ts'
import { invalid, optionsOf, shown } from './argument.ts'
import { barrier } from './barrier.ts'
import { channelOf } from './channel.ts'
import type { Connection } from './connection.ts'
import { HarnessError } from './error.ts'
import type { ClosedReason, Log, LogRecord } from './log.ts'
import { elapsed, fakedNeeds, pause } from './turn.ts'

/**
 * Who is waited for.
 *
 * @example
 * const [first, second] = await events.connected({ count: 2, channel: 'pets' })
 */
export interface ConnectedOptions {
  /** How many, at least. Defaults to 1. */
  readonly count?: number
  /** Only who hears this channel counts. Defaults to everyone. */
  readonly channel?: string
}

/** Where one looks for those who should be connected. */
export interface Whereabouts {
  readonly address: string
  readonly mount: {
    readonly log: Log
    readonly connections: readonly Connection[]
    readonly astray: string | undefined
  }
}

/** Those who hear a channel; everyone where none is named. */
export function hearersOf(
  { mount }: Whereabouts,
  channel: string | undefined,
): readonly Connection[] {
  if (channel === undefined) return mount.connections
  const wanted = channelOf(channel)
  return mount.connections.filter(({ session }) =>
    session.channels.some((own) => covers(own, wanted)),
  )
}

/** How long a native `EventSource` is waited for that comes back by the browser's clock; its default is three seconds. */
const RETURN_PATIENCE = 10_000
const LOOK = 5

/** The connections waited for; throws where they are too few and nobody is on the way back by itself. */
export async function connectedOf(
  where: Whereabouts,
  wanted: ConnectedOptions,
): Promise<readonly Connection[]> {
  const { count = 1, channel } = optionsOf('connected', wanted, '{ count: 2 }')
  if (!(Number.isSafeInteger(count) && count > 0)) {
    throw invalid(
      `wait for ${shown(count)} clients`,
      'it is no number of them',
      'give a whole number from 1 up, or expect(events).toHaveNoOpenConnections()',
    )
  }
  const waited = elapsed()
  let found = hearersOf(where, channel)
  while (found.length < count && isReturning() && waited() < RETURN_PATIENCE) {
    // oxlint-disable-next-line no-await-in-loop -- a look after the other
    await pause(LOOK)
    // Who has asked meanwhile is met, and knows whether it will ask again.
    // oxlint-disable-next-line no-await-in-loop -- a look after the other
    await barrier.pass()
    found = hearersOf(where, channel)
  }
  if (found.length >= count) return found
  const many = count === 1 ? 'a client' : `${count} clients`
  const on = channel === undefined ? '' : ` on channel "${channel}"`
  const quiet = isReturning()
    ? `an EventSource has not come back in ${RETURN_PATIENCE} ms`
    : 'all is quiet'
  const unheard =
    where.mount.log.records.length === 0 ? '; with MSW, start it first (server.listen())' : ''
  throw new HarnessError(
    'not-connected',
    `Cannot see ${many} connected to ${where.address}${on}: ${quiet}, and ${whatCame(where)}. Render what connects, or move its clock, before connected()${unheard}.`,
  )
}

/** The error for whatever needs somebody to be there. */
export function nobodyConnected(what: string, where: Whereabouts, channel?: string): HarnessError {
  const who = channel === undefined ? 'nobody is connected to' : `nobody hears "${channel}" at`
  const offer = what === 'send' ? ', or say { allowNone: true }' : ''
  return new HarnessError(
    'nobody-connected',
    `Cannot ${what}: ${who} ${where.address} (${whatCame(where)}). Await connected() first${offer}.`,
  )
}

function whatCame({ mount: { log, astray } }: Whereabouts): string {
  const elsewhere = astray === undefined ? '' : `, but one for ${astray}, which is another address`
  return `${describe(log.records)}${elsewhere}`
}

const CLIENTS_TOLD = 10

/** What has become of each client, in words. */
export function describe(records: readonly LogRecord[]): string {
  const fates = new Map<number, string>()
  for (const record of records) {
    const fate = fateOf(record)
    if (fate !== undefined && 'client' in record) fates.set(record.client, fate)
  }
  const told = [...fates].slice(-CLIENTS_TOLD).map(([client, fate]) => `client ${client} ${fate}`)
  const earlier = fates.size - told.length
  return [
    ...(fates.size === 0 ? ['no request has come', ...fakedWords()] : []),
    ...(earlier > 0 ? [`${earlier} earlier ones`] : []),
    ...told,
    ...seedsOf(records).map((seed) => `in chaos with the seed ${seed}`),
  ].join(', ')
}

function fakedWords(): readonly string[] {
  const faked = fakedNeeds()
  return faked.length === 0
    ? []
    : [
        `where ${faked.join(' and ')} should be real (useFakeTimers of @millrace/testing/vitest sees to that)`,
      ]
}

/** What makes the same things go wrong again. */
export function seedsOf(records: readonly LogRecord[]): readonly number[] {
  return records.flatMap((record) =>
    record.kind === 'told' && record.what === 'chaos' ? [record.seed] : [],
  )
}

function fateOf(record: LogRecord): string | undefined {
  switch (record.kind) {
    case 'requested':
      return `is waiting for authorize (${record.url})`
    case 'withheld':
      return 'is kept waiting for its answer'
    case 'opened':
      return `is connected${record.channels.length === 0 ? '' : ` (${record.channels.join(', ')})`}`
    case 'refused':
      return `got ${record.status}`
    case 'failed':
      return 'could not reach the server'
    case 'closed':
      return fates[record.reason]
    case 'sent':
    case 'wrote':
    case 'told':
      return undefined
  }
}

const fates: Readonly<Record<ClosedReason, string>> = {
  client: 'has left',
  dropped: 'was dropped',
  ended: 'was ended',
  broken: 'was cut off by the engine',
}
