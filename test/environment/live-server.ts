import { createEventServer, type EventServer, type EventServerOptions } from '@millrace/server'
import { toNodeHandler } from '@millrace/server/node'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A real event server on a real port, with the means to break it. */
export interface LiveServer {
  readonly events: EventServer
  /** Where it streams. */
  readonly url: string
  /** How many streams are open, as sockets go. */
  readonly open: () => number
  /** The URL of each stream that was ever asked for. */
  readonly requests: readonly string[]
  /** Breaks every connection, mid-stream. */
  readonly drop: () => void
  readonly close: () => Promise<void>
}

export async function startLiveServer(options: EventServerOptions = {}): Promise<LiveServer> {
  const events = createEventServer(options)
  const handle = toNodeHandler(events)
  const requests: string[] = []
  let open = 0
  const server = createServer((request, response) => {
    requests.push(request.url ?? '')
    open += 1
    response.on('close', () => {
      open -= 1
    })
    handle(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    events,
    url: `http://127.0.0.1:${port}/events`,
    open: () => open,
    requests,
    drop: () => {
      server.closeAllConnections()
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await events.close()
    },
  }
}
