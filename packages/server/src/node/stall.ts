import type { ServerResponse } from 'node:http'
import type { ServerHttp2Stream } from 'node:http2'
import { Socket } from 'node:net'
import { EventServerError } from '../error.ts'
import { breakOff } from './break-off.ts'

// Milliseconds that a client may take nothing of what waits for it.
const PATIENCE = 60_000

/**
 * Breaks a response off whose client has stopped reading, however little waits for it: what the kernel holds for one
 * connection it does not have for the others. `onStall` hears of it before.
 *
 * Node's own timeout goes by progress: it ends who is stuck, never who is slow. A stream that is merely silent has
 * nothing that waits.
 */
export function watchForStall(
  response: ServerResponse,
  onStall: (error: EventServerError) => void,
  patience: number = PATIENCE,
): void {
  const carrier = carrierOf(response)
  // Who has set a timeout has a rule of their own.
  if (!carrier || timeoutOf(carrier)) return
  response.setTimeout(patience, () => {
    if (carrier.writableLength === 0) return
    const error = stalled(patience)
    onStall(error)
    breakOff(response, error)
  })
  // The connection may have more requests to come. Before Node's own listener, which gives it the timeout of an idle one.
  response.prependOnceListener('finish', () => carrier.setTimeout(0))
}

function carrierOf(response: ServerResponse): Socket | ServerHttp2Stream | undefined {
  if ('stream' in response) return response.stream as ServerHttp2Stream
  // There is none in imitations of Node.
  return response.socket instanceof Socket ? response.socket : undefined
}

function timeoutOf(carrier: Socket | ServerHttp2Stream): number | undefined {
  return carrier instanceof Socket ? carrier.timeout : undefined
}

function stalled(patience: number): EventServerError {
  return new EventServerError(
    'slow',
    `Cannot go on with the response: its client has taken nothing for ${patience} ms. Let it resume by its cursor.`,
  )
}
