import { createEventServer, finiteReplay, localProvider, validReplay } from '@millrace/server'
import type { Replay } from '@millrace/server'
import { redisProvider } from '@millrace/server/redis'
import { createClient } from 'redis'
import { afterAll, beforeAll } from 'vitest'
import { startRedis } from '../environment/redis.ts'
import type { TestRedis } from '../environment/redis.ts'
import { rounds } from '../environment/rounds.ts'
import { providerContract } from './provider-contract.ts'

// In one process the order and the replay are shared by the servers, as an application would.
const replays: readonly (readonly [string, (count: number) => Replay])[] = [
  ['finiteReplay', (count) => finiteReplay({ count })],
  ['validReplay', (count) => validReplay({ ttl: 3_600_000, count })],
]
for (const [name, replayOf] of replays) {
  providerContract({
    name: `localProvider with ${name}`,
    runs: rounds(30, 1_000),
    open: ({ count, ids = 'auto' }) => {
      const provider = { ...localProvider({ now: Date.now, ids }), close: () => {} }
      const replay = replayOf(count)
      const unsubscribe = provider.subscribe((entry) => void replay.put(entry))
      const shared: Replay = { put: () => {}, after: replay.after }
      return {
        server: (options) => createEventServer({ ...options, provider, replay: shared }),
        close: () => Promise.resolve(unsubscribe()).then(() => {}),
      }
    },
  })
}

let redis: TestRedis
let keys = 0
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.close())
for (const RESP of [3, 2] as const) {
  providerContract({
    name: `redisProvider, protocol ${RESP}`,
    runs: rounds(10, 300),
    open: ({ count, ids = 'auto' }) => {
      const key = `contract:${process.pid}:${(keys += 1)}`
      const servers: { close: () => Promise<void> }[] = []
      const client = createClient({ url: redis.url, RESP })
      return {
        server: (options) => {
          const provider = redisProvider({ client, key, count, ids })
          const server = createEventServer({ ...options, provider })
          servers.push(server)
          return server
        },
        close: async () => {
          await Promise.all(servers.map((server) => server.close()))
        },
      }
    },
  })
}
