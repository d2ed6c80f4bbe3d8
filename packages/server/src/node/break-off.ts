import type { ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { isSlow } from '../error.ts'

/** Breaks a response off, so that its client sees an error and never a clean end. */
export function breakOff(response: ServerResponse, error: unknown): void {
  if (response.destroyed) return
  // In HTTP/2 a stream that is destroyed without an error ends well.
  if ('stream' in response) {
    response.destroy(error instanceof Error ? error : new Error(String(error)))
    return
  }
  const { socket } = response
  // A plain `destroy` leaves what the kernel has buffered with it until a stuck peer goes; a reset gives it back.
  // Node has none for TLS.
  if (isSlow(error) && socket instanceof Socket && !('encrypted' in socket))
    socket.resetAndDestroy()
  else response.destroy()
}
