// hosts/shut-down.ts
import { serve } from '@millrace/server/node'
import { events } from './events.ts'

const { url, close } = await serve(events, { port: Number(process.env['PORT'] ?? 3000) })
console.log(`${url}/events`)
process.once('SIGTERM', () => close({ retry: 1_000 })) // clients come back in a second
