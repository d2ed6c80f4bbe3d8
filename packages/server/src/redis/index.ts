export { redisProvider } from './redis-provider.ts'
export type { RedisProvider, RedisProviderOptions } from './redis-provider.ts'
export type { RedisClient } from './client.ts'
