import { ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import type { Writable } from 'node:stream'
import type { Output } from '../output.ts'
import { breakOff } from './break-off.ts'

type Chunk = Uint8Array<ArrayBuffer>

/**
 * An output that is a response of Node, its head written.
 *
 * The bytes go straight to the socket, framed once for all who get the same: `response.write` would frame them for
 * each, and hand them over in three parts. Where others have put themselves in the way (compression, a test's request)
 * they go through the response.
 */
export class Sink implements Output {
  readonly #response: ServerResponse
  readonly #carrier: Writable
  readonly #framed: boolean

  constructor(response: ServerResponse) {
    this.#response = response
    this.#carrier = carrierOf(response)
    this.#framed = this.#carrier instanceof Socket && response.chunkedEncoding
  }

  get backlog(): number {
    return this.#carrier.writableLength
  }

  write(bytes: Chunk): void {
    // Others have ended it: what is written now would be part of the next response.
    if (this.#response.writableEnded || bytes.length === 0) return
    const carrier = this.#carrier
    if (carrier.writable) carrier.write(this.#framed ? frame(bytes) : bytes)
    // A client that has closed its half of the connection has made Node close the other: nothing will get through.
    else this.#response.destroy()
    flush(this.#response)
  }

  end(onDone: () => void): void {
    const response = this.#response
    response.once('finish', onDone)
    response.once('close', onDone)
    response.end()
  }

  abort(error: unknown): void {
    breakOff(this.#response, error)
  }
}

function carrierOf(response: ServerResponse): Writable {
  // Middleware that transforms puts its own `write` on the response it is handed.
  if (Object.hasOwn(response, 'write')) return response
  // The stream of HTTP/2.
  if ('stream' in response) return response.stream as Writable
  const { socket } = response
  // Who extends `ServerResponse` wants to see what is written.
  const plain = Reflect.get(response, 'write') === Reflect.get(ServerResponse.prototype, 'write')
  // There is no socket in imitations of Node, and while another response has the connection.
  return plain && socket instanceof Socket ? socket : response
}

const frames = new WeakMap<Chunk, Buffer>()

// RFC 9112, 7.1 "Chunked Transfer Coding".
function frame(bytes: Chunk): Buffer {
  let framed = frames.get(bytes)
  if (!framed) {
    const size = Buffer.from(`${bytes.length.toString(16)}\r\n`)
    framed = Buffer.concat([size, bytes, Buffer.from('\r\n')])
    frames.set(bytes, framed)
  }
  return framed
}

// The `compression` middleware keeps what it has until it is full, or told.
function flush(response: ServerResponse & { flush?: () => void }): void {
  response.flush?.()
}
