// redis/trimmed.ts
import { redisProvider, type RedisClient, type RedisProvider } from '@millrace/server/redis'

// Who was away for up to an hour, and for no more than 100,000 events, misses nothing.
export function anHour(client: RedisClient): RedisProvider {
  return redisProvider({ client, key: 'shop:events', ttl: 3_600_000, count: 100_000 })
}
