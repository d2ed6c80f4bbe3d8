import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { startRedis } from '../environment/redis.ts'
import type { TestRedis } from '../environment/redis.ts'
import { openPassage } from './passage.ts'
import type { Passage } from './passage.ts'
import { startProcess } from './processes.ts'
import type { ProcessOptions, TestProcess } from './processes.ts'

/** What the tests of a file work with: one Redis for all, a stream and a passage for each. */
export interface RedisRoom {
  readonly redis: TestRedis
  /** The stream of this test. */
  readonly key: string
  readonly passage: Passage
  /** Starts a process, closed when the test is over. It reaches Redis directly. */
  readonly start: (options?: Partial<ProcessOptions>) => TestProcess
  /** Starts one that reaches Redis by the passage. */
  readonly startBehindPassage: (options?: Partial<ProcessOptions>) => TestProcess
}

/** Registers what comes before and after the tests of a file; the result is filled while they run. */
export function redisRoom(options: { readonly durable?: boolean } = {}): RedisRoom {
  const processes: TestProcess[] = []
  const start: RedisRoom['start'] = (more = {}) => {
    const process = startProcess({ url: room.redis.url, key: room.key, ...more })
    processes.push(process)
    return process
  }
  const room = {
    start,
    startBehindPassage: (more = {}) => start({ url: room.passage.url, ...more }),
  } as { -readonly [Name in keyof RedisRoom]: RedisRoom[Name] }

  beforeAll(async () => {
    room.redis = await startRedis(options)
  })
  beforeEach(async ({ task }) => {
    room.key = `test:${process.pid}:${task.id}`
    room.passage = await openPassage(room.redis.url)
  })
  afterEach(async () => {
    room.passage.mend()
    await Promise.all(processes.splice(0).map(({ events }) => events.close()))
    await room.passage.close()
  })
  afterAll(() => room.redis.close())
  return room
}
