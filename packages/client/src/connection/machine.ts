/*
 * The life of a connection.
 *
 *     ┌──────┐   start   ┌────────────┐       opened        ┌──────┐
 *     │ idle │ ────────▶ │ connecting │ ──────────────────▶ │ open │
 *     └──────┘           └────────────┘ ◀────────────────── └──────┘
 *                          │        ▲         overtaken       │  ▲
 *                  failed, │        │ due,                    │  │
 *              interrupted │        │ start, overtaken        │  │ opened: the transport
 *                          ▼        │                         │  │ reconnected by itself
 *     ┌────────┐         ┌────────────┐ ◀─────────────────────┘  │
 *     │ closed │         │  waiting   │   failed, interrupted    │
 *     └────────┘         └────────────┘ ─────────────────────────┘
 *
 *     connecting, open, waiting ── stopped ──▶ closed ── start ──▶ connecting
 *     every state ── restart ──▶ connecting
 *     every state but idle ── release ──▶ idle
 *
 * A swap is made within `open`: a second attempt is on its way while the first is read. Where the first ends before
 * the second is open, the second is all there is (`overtaken`): connecting again.
 */

/** How a connection stands; `waiting` is between two attempts. */
export type ConnectionStatus = 'idle' | 'connecting' | 'open' | 'waiting' | 'closed'

/**
 * What can happen to a connection:
 *
 * - `start`: somebody wants it
 * - `opened`: the server accepted
 * - `interrupted`: it broke, and the transport reconnects by itself
 * - `failed`: the attempt ended, and there is to be another
 * - `stopped`: the attempt ended, and there is to be no other
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
    stopped: 'ignored',
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
    overtaken: 'ignored',
    due: 'ignored',
    restart: 'connecting',
    release: 'idle',
  },
}

/** Where `event` leads from `status`; `undefined` where it means nothing there. */
export function transition(
  status: ConnectionStatus,
  event: ConnectionEvent,
): ConnectionStatus | undefined {
  const next = table[status][event]
  return next === 'ignored' ? undefined : next
}
