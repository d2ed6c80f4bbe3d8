// One process of a cluster: streams at `GET /?channel=…`, publishes at `POST /CHANNEL`, and says on which port. It ends
// with its input, so it never outlives whoever started it; told to stop, it closes first.
import { createEventServer } from '@millrace/server'
import type { EventServerError } from '@millrace/server'
import { toNodeHandler } from '@millrace/server/node'
import { redisProvider } from '@millrace/server/redis'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { createClient } from 'redis'

const [url = '', key = ''] = process.argv.slice(2)
const provider = redisProvider({ client: createClient({ url }), key, whenAway: 'queue' })
const events = createEventServer({ provider, onError: () => {} })
const stream = toNodeHandler(events)

async function publish(request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const published = await events.publish(request.url ?? '', { data: await text(request) })
    response.end(JSON.stringify(published))
  } catch (error) {
    response.writeHead(503).end((error as EventServerError).code)
  }
}

const server = createServer((request, response) => {
  if (request.method === 'POST') void publish(request, response)
  else stream(request, response)
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
console.log((server.address() as AddressInfo).port)

process.on('SIGTERM', () => {
  void events.close().finally(() => process.exit())
})
process.stdin.on('end', () => process.exit()).resume()
