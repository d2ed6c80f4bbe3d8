// hosts/events.ts
import { createEventServer, finiteReplay } from '@millrace/server'

export const events = createEventServer({ replay: finiteReplay({ count: 1_000 }) })
