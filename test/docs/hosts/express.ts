// hosts/express.ts
import { toNodeHandler } from '@millrace/server/node'
import express from 'express'
import { events } from './events.ts'

export const app = express()
app.use('/events', toNodeHandler(events))
