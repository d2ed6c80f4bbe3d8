import { createInterface } from 'node:readline'
import type { Socket } from 'node:net'

/** What the client asks of a host. */
export type Command =
  /** Publish so many messages in one go. */
  | { readonly kind: 'burst'; readonly count: number }
  /** Publish so many messages, each in a turn of the event loop of its own. */
  | { readonly kind: 'single'; readonly count: number }
  /** Publish so many messages a second, for so long, whoever can follow; answered with the times. */
  | { readonly kind: 'rate'; readonly perSecond: number; readonly seconds: number }
  /** Tell what has been used, garbage collected before or not. */
  | { readonly kind: 'usage'; readonly collect: boolean }

/** What a host has used. */
export interface Usage {
  /** Seconds of processor time, since it was started. */
  readonly cpu: number
  /** Bytes of memory, now. */
  readonly resident: number
  /** Bytes of memory, at the most until now. */
  readonly peak: number
}

/** When each message was published, in microseconds of the machine's steady clock. */
export interface Published {
  readonly times: readonly number[]
}

/** One JSON value a line, both ways: commands to a host, answers to a client. */
export function exchange(
  socket: Socket,
  onMessage: (message: unknown) => void,
): (message: Command | Usage | Published) => void {
  socket.setNoDelay(true)
  createInterface(socket).on('line', (line) => onMessage(JSON.parse(line)))
  return (message) => void socket.write(`${JSON.stringify(message)}\n`)
}

/** Microseconds of the machine's steady clock, the same in all processes. */
export function microseconds(): number {
  return Number(process.hrtime.bigint() / 1_000n)
}
