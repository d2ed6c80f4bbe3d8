// hosts/node.ts
import { toNodeHandler } from '@millrace/server/node'
import { createServer } from 'node:http'
import { events } from './events.ts'

const stream = toNodeHandler(events)

export const server = createServer((request, response) => {
  if (request.url?.startsWith('/events')) stream(request, response)
  else response.end('Hello')
})
