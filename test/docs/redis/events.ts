// redis/events.ts
import { createEventServer } from '@millrace/server'
import { redisProvider } from '@millrace/server/redis'
import { createClient } from 'redis'

const client = createClient({ url: process.env['REDIS_URL'] ?? 'redis://localhost:6379' })
export const provider = redisProvider({ client, key: 'shop:events' })
export const events = createEventServer({ provider })
