import type { ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { EventServerError } from '../error.ts'
import { breakOff } from './break-off.ts'

// Milliseconds a socket may stand still when the body has ended.
const PATIENCE = 10_000

/**
 * Writes a body to a response of Node at the pace of its socket; resolves when either side is done, to whether the body
 * has been written to its end.
 *
 * A body that errs takes the socket with it, at once, even while the socket keeps the writer waiting. A body that has
 * ended waits for its reader no longer than `patience` without progress.
 */
export async function pipeBody(
  body: ReadableStream<Uint8Array>,
  response: ServerResponse,
  gone: AbortSignal,
  patience: number = PATIENCE,
): Promise<boolean> {
  const reader = body.getReader()
  const leave = (): void => {
    reader.cancel(gone.reason).catch(() => {})
  }
  gone.addEventListener('abort', leave, { once: true })
  if (gone.aborted) leave()
  reader.closed.then(
    () => hurry(response, patience),
    (error: unknown) => breakOff(response, error),
  )
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      // Others have ended it.
      if (response.writableEnded) {
        leave()
        return false
      }
      // An empty chunk would be the last one in HTTP/1.1's chunked coding.
      if (value.length > 0 && !put(value, response)) await drained(response, gone)
    }
    if (response.destroyed || gone.aborted) return false
    response.end()
    return true
  } catch {
    // The body erred: `closed` has seen to it.
    return false
  } finally {
    gone.removeEventListener('abort', leave)
  }
}

// The `compression` middleware keeps what it has until it is full, or told.
function put(bytes: Uint8Array, response: ServerResponse & { flush?: () => void }): boolean {
  const more = response.write(bytes)
  response.flush?.()
  return more
}

// Node's own timeout of a socket goes by progress: it ends who is stuck, never who is slow.
function hurry(response: ServerResponse, patience: number): void {
  if (response.destroyed || response.writableFinished) return
  const { socket } = response
  response.setTimeout(patience, () => breakOff(response, stuck()))
  if (!(socket instanceof Socket)) return
  response.once('finish', () => {
    // The connection may have more requests to come, unless Node has set its own timeout by now.
    if (socket.timeout === patience) socket.setTimeout(0)
  })
}

function stuck(): EventServerError {
  return new EventServerError(
    'slow',
    'Cannot end the response: its client has stopped reading. Let it come back.',
  )
}

function drained(response: ServerResponse, gone: AbortSignal): Promise<void> {
  if (gone.aborted || response.destroyed) return Promise.resolve()
  return new Promise((resolve) => {
    const go = (): void => {
      response.off('drain', go)
      response.off('close', go)
      resolve()
    }
    response.on('drain', go)
    response.on('close', go)
  })
}
