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

/** How a connection stands; `waiting` is between two attempts. */
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

type Row = Readonly<Record<ConnectionEvent, ConnectionStatus | 'ignored'>>

const table: Readonly<Record<ConnectionStatus, Row>> = {
  idle: {
    start: 'connecting',
    opened: 'ignored',
    interrupted: 'ignored',
    failed: 'ignored',
    stopped: 'closed',
    held: 'ignored',
    overtaken: 'ignored',
    due: 'ignored',
    restart: 'connecting',
    release: 'ignored',
  },
  connecting: {
    start: 'ignored',
    opened: 'open',
    interrupted: 'waiting',
    failed: 'waiting',
    stopped: 'closed',
    held: 'waiting',
    overtaken: 'ignored',
    due: 'ignored',
    restart: 'connecting',
    release: 'idle',
  },
  open: {
    start: 'ignored',
    opened: 'ignored',
    interrupted: 'waiting',
    failed: 'waiting',
    stopped: 'closed',
    held: 'waiting',
    overtaken: 'connecting',
    due: 'ignored',
    restart: 'connecting',
    release: 'idle',
  },
  waiting: {
    start: 'connecting',
    opened: 'open',
    interrupted: 'ignored',
    failed: 'waiting',
    stopped: 'closed',
    held: 'waiting',
    overtaken: 'connecting',
    due: 'connecting',
    restart: 'connecting',
    release: 'idle',
  },
  closed: {
    start: 'connecting',
    opened: 'ignored',
    interrupted: 'ignored',
    failed: 'ignored',
    stopped: 'ignored',
    held: 'ignored',
    overtaken: 'ignored',
    due: 'ignored',
    restart: 'connecting',
    release: 'idle',
  },
}

/** Where `event` leads from `status`; `undefined` where it means nothing there. Nothing connects while it is `held`. */
export function transition(
  status: ConnectionStatus,
  event: ConnectionEvent,
  held = false,
): ConnectionStatus | undefined {
  const next = table[status][event]
  if (next === 'ignored') return undefined
  return held && next === 'connecting' ? 'waiting' : next
}
