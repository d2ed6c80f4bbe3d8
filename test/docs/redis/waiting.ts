// redis/waiting.ts
import { redisProvider, type RedisClient, type RedisProvider } from '@millrace/server/redis'

export function patient(client: RedisClient): RedisProvider {
  return redisProvider({ client, key: 'shop:events', whenAway: 'queue', maxQueue: 10_000 })
}
