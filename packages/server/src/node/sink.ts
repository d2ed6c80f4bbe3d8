import { ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import type { Writable } from 'node:stream'
import type { Output } from '../output.ts'
import { breakOff } from './break-off.ts'

type Chunk = Uint8Array<ArrayBuffer>

/**
 * The way past a response whose head is written, straight to what carries it.
 *
 * `undefined` where there is none: middleware wants to see what is written (compression), another response has the
 * connection, or what looks like Node is not.
 */
export function sinkOf(response: ServerResponse): Output | undefined {
  // Middleware that transforms puts its own `write` on the response it is handed.
  if (Object.hasOwn(response, 'write')) return undefined
  if ('stream' in response) return new Sink(response, response.stream as Writable, asItIs)
  // Who extends `ServerResponse` wants to see it too.
  const own = Reflect.get(response, 'write') !== Reflect.get(ServerResponse.prototype, 'write')
  const { socket, chunkedEncoding } = response
  if (own || !(socket instanceof Socket)) return undefined
  // HTTP/1.0 has no chunks.
  return new Sink(response, socket, chunkedEncoding ? frame : asItIs)
}

/**
 * An output that is the socket of HTTP/1.1 or the stream of HTTP/2.
 *
 * `response.write` would frame the bytes for each response, and hand them over in three parts.
 */
class Sink implements Output {
  readonly #response: ServerResponse
  readonly #carrier: Writable
  readonly #frame: (bytes: Chunk) => Chunk

  constructor(response: ServerResponse, carrier: Writable, frame: (bytes: Chunk) => Chunk) {
    this.#response = response
    this.#carrier = carrier
    this.#frame = frame
  }

  get backlog(): number {
    return this.#carrier.writableLength
  }

  write(bytes: Chunk, onTaken?: () => void): void {
    // Others have ended it: what is written now would be part of the next response.
    if (this.#response.writableEnded) return
    const taken = (error: unknown): void => void (error || onTaken?.())
    if (this.#carrier.writable) this.#carrier.write(this.#frame(bytes), taken)
    // A client that has closed its half of the connection has made Node close the other: nothing gets through.
    else this.#response.destroy()
  }

  end(onDone: () => void): void {
    this.#response.once('finish', onDone)
    this.#response.once('close', onDone)
    this.#response.end()
  }

  abort(error: unknown): void {
    breakOff(this.#response, error)
  }
}

const frames = new WeakMap<Chunk, Chunk>()

// RFC 9112, 7.1 "Chunked Transfer Coding": once for all who are sent the same.
function frame(bytes: Chunk): Chunk {
  let framed = frames.get(bytes)
  if (!framed) {
    const size = Buffer.from(`${bytes.length.toString(16)}\r\n`)
    framed = Buffer.concat([size, bytes, Buffer.from('\r\n')])
    frames.set(bytes, framed)
  }
  return framed
}

function asItIs(bytes: Chunk): Chunk {
  return bytes
}
