// hosts/hono.ts
import { toNodeHandler } from '@millrace/server/node'
import { Hono } from 'hono'
import { createServer } from 'node:http'
import { events } from './events.ts'

const app = new Hono()
app.get('/', (c) => c.text('Hello'))
app.get('/events', (c) => events.fetch(c.req.raw))

export const server = createServer(toNodeHandler(app)) // in Node; elsewhere app.fetch is all it takes
