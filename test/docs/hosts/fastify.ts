// hosts/fastify.ts
import { toNodeHandler } from '@millrace/server/node'
import { fastify } from 'fastify'
import { events } from './events.ts'

const stream = toNodeHandler(events)

export const app = fastify()
app.get('/events', (request, reply) => {
  reply.hijack() // the response is ours now
  stream(request.raw, reply.raw)
})
app.addHook('preClose', () => events.close())
