import { createReadStream } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { fileURLToPath } from 'node:url'

const script = fileURLToPath(import.meta.resolve('msw/mockServiceWorker.js'))

/** Serves MSW's Service Worker as it is installed, so that no copy of it can grow old here. */
export function serveWorker(
  request: IncomingMessage,
  response: ServerResponse,
  next: () => void,
): void {
  if (request.url?.split('?')[0] !== '/mockServiceWorker.js') {
    next()
    return
  }
  response.setHeader('content-type', 'text/javascript')
  response.setHeader('cache-control', 'no-store')
  createReadStream(script).pipe(response)
}
