import { connect, type Socket } from 'node:net'
import { microseconds } from './control.ts'
import { createDechunker } from './dechunk.ts'
import type { Receipt } from './latencies.ts'
import type { StreamCheck } from './stream-check.ts'

/** Messages that are asked for together. */
export const BATCH = 50

const OPENED_TOGETHER = 100

/** The connections of a load: all read, and every message is checked. */
export class Readers {
  /** What a tenth of them read, and when. */
  readonly receipts: Receipt[] = []
  /** Messages, over all connections. */
  heard = 0
  /** A batch has arrived everywhere. */
  onBatch: () => void = () => {}
  readonly #port: number
  readonly #createCheck: () => StreamCheck
  readonly #checks: StreamCheck[] = []
  /** By batch: how many connections have all of it. */
  readonly #complete: number[] = []
  // One for all: a read is done with when the next one starts.
  readonly #buffer = Buffer.allocUnsafe(256 * 1024)

  constructor(port: number, createCheck: () => StreamCheck) {
    this.#port = port
    this.#createCheck = createCheck
  }

  async open(count: number): Promise<void> {
    for (let left = count; left > 0; left -= OPENED_TOGETHER) {
      const some = Math.min(OPENED_TOGETHER, left)
      // oxlint-disable-next-line no-await-in-loop -- a server takes so many at a time
      await Promise.all(Array.from({ length: some }, () => this.#open()))
    }
  }

  /** Opens a connection that never reads. */
  openStuck(): void {
    ask(connect({ port: this.#port, host: '127.0.0.1' })).pause()
  }

  /** Throws unless everyone has had so many messages. */
  expectAll(messages: number): void {
    for (const { received } of this.#checks) {
      if (received === messages) continue
      throw new Error(`Cannot be: of ${messages} messages a connection has had ${received}.`)
    }
  }

  /** Resolves when the connection is heard of. */
  #open(): Promise<void> {
    const check = this.#createCheck()
    const sampled = this.#checks.push(check) % 10 === 1
    const { promise, resolve } = Promise.withResolvers<void>()
    const dechunk = createDechunker((bytes, start, end) => {
      const before = check.received
      check.feed(bytes, start, end)
      resolve()
      this.#count(before, check.received, sampled)
    })
    const onread = {
      buffer: this.#buffer,
      callback: (length: number) => {
        dechunk(this.#buffer, length)
        return true
      },
    }
    ask(connect({ port: this.#port, host: '127.0.0.1', onread })).on('close', () => {
      throw new Error('Cannot go on: a connection was closed.')
    })
    return promise
  }

  #count(from: number, to: number, sampled: boolean): void {
    if (to === from) return
    this.heard += to - from
    if (sampled) this.receipts.push({ from, to, at: microseconds() })
    for (let n = Math.floor(from / BATCH); n < Math.floor(to / BATCH); n += 1) {
      this.#complete[n] = (this.#complete[n] ?? 0) + 1
      if (this.#complete[n] === this.#checks.length) this.onBatch()
    }
  }
}

function ask(socket: Socket): Socket {
  socket.on('error', () => {})
  const lines = ['GET /events?channel=bench HTTP/1.1', 'host: bench', 'accept: text/event-stream']
  socket.write(`${lines.join('\r\n')}\r\n\r\n`)
  return socket
}
