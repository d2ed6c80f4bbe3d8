// hosts/vite.ts
import { toNodeHandler } from '@millrace/server/node'
import type { Plugin } from 'vite'
import { events } from './events.ts'

export const eventsInDevelopment: Plugin = {
  name: 'events-in-development',
  configureServer: ({ middlewares }) => {
    middlewares.use('/events', toNodeHandler(events))
  },
}
