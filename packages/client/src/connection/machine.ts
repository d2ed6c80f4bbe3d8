/*
 * The life of a connection.
 *
 *     ┌──────┐   start   ┌────────────┐       opened        ┌──────┐
 *     │ idle │ ────────▶ │ connecting │ ──────────────────▶ │ open │
 *     └──────┘           └────────────┘ ◀────────────────── └──────┘
 *                          │        ▲         overtaken       │  ▲
 *                  failed, │        │ due,                    │  │
 *      interrupted, held   │        │ start, overtaken        │  │ opened: the transport
 *                          ▼        │                         │  │ reconnected by itself
 *     ┌────────┐         ┌────────────┐ ◀─────────────────────┘  │
 *     │ closed │         │  waiting   │   failed, interrupted,   │
 *     └────────┘         └────────────┘ ─────────────────────────┘
 *                                           held
 *     every state but closed ── stopped ──▶ closed ── start ──▶ connecting
 *     every state ── restart ──▶ connecting
 *     every state but idle ── release ──▶ idle
 *
 * A swap is made within `open`: a second attempt is on its way while the first is read. Where the first ends before
 * the second is open, the second is all there is (`overtaken`): connecting again.
 *
 * While something holds it (the page is offline, frozen, hidden), nothing connects: what would lead to `connecting`
 * leads to `waiting`.
 */

/**
 * How a connection stands; `waiting` is between two attempts.
 *
 * @example
 * const live = trades.status.value === 'open'
 */
export type ConnectionStatus = 'idle' | 'connecting' | 'open' | 'waiting' | 'closed'

/**
 * Why a connection is closed:
 *
 * - `caller`: nobody wants it any more, or somebody closed it
 * - `ended`: the server says there is no more
 * - `refused`: the server will not serve it
 * - `interrupted`: it broke off, and is one that is asked for only once
 * - `gave-up`: the retry policy allows no more
 * - `unsupported`: what it needs is missing here
 *
 * @example
 * if (trades.connection.value.reason === 'gave-up') showRetryButton()
 */
export type CloseReason = 'caller' | 'ended' | 'refused' | 'interrupted' | 'gave-up' | 'unsupported'

/**
 * What can happen to a connection:
 *
 * - `start`: somebody wants it
 * - `opened`: the server accepted
 * - `interrupted`: it broke, and the transport reconnects by itself
 * - `failed`: the attempt ended, and there is to be another
 * - `stopped`: the attempt ended, and there is to be no other
 * - `held`: something in the page wants nothing to be open
 * - `overtaken`: the attempt ended, and its successor is on its way
 * - `due`: the wait is over
 * - `restart`: somebody wants a fresh attempt now
 * - `release`: nobody wants it any more
 *
 * @example
 * createPool({ onTrace: ({ event, url }) => event === 'failed' && console.warn('Lost:', url) })
 */
export type ConnectionEvent =
  | 'start'
  | 'opened'
  | 'interrupted'
  | 'failed'
  | 'stopped'
  | 'held'
  | 'overtaken'
  | 'due'
  | 'restart'
  | 'release'

const idle = 'idle'
const trying = 'connecting'
const open = 'open'
const waits = 'waiting'
const closed = 'closed'
/** It means nothing there. */
const none = undefined

type Next = ConnectionStatus | undefined
type Row = readonly [idle: Next, connecting: Next, open: Next, waiting: Next, closed: Next]

const statuses: readonly ConnectionStatus[] = [idle, trying, open, waits, closed]

/** Where each event leads from each of the statuses. */
// oxfmt-ignore
const table: Readonly<Record<ConnectionEvent, Row>> = {
  // from       idle    connecting  open    waiting  closed
  start:       [trying, none,       none,   trying,  trying],
  opened:      [none,   open,       none,   open,    none],
  interrupted: [none,   waits,      waits,  none,    none],
  failed:      [none,   waits,      waits,  waits,   none],
  stopped:     [closed, closed,     closed, closed,  none],
  held:        [none,   waits,      waits,  waits,   none],
  overtaken:   [none,   none,       trying, trying,  none],
  due:         [none,   none,       none,   trying,  none],
  restart:     [trying, trying,     trying, trying,  trying],
  release:     [none,   idle,       idle,   idle,    idle],
}

/** Where `event` leads from `status`; `undefined` where it means nothing there. Nothing connects while it is `held`. */
export function transition(
  status: ConnectionStatus,
  event: ConnectionEvent,
  held = false,
): ConnectionStatus | undefined {
  const next = table[event][statuses.indexOf(status)]
  return held && next === trying ? waits : next
}
