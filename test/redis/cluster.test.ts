import { afterEach, expect, test } from 'vitest'
import { Listener } from '../environment/listener.ts'
import { redisIsOurs, startRedis } from '../environment/redis.ts'
import type { TestRedis } from '../environment/redis.ts'
import { rounds } from '../environment/rounds.ts'
import { Watch } from '../environment/watch.ts'
import { Cluster } from './cluster.ts'

// Three processes and one Redis, any of which may die at any time; clients that wander from process to process, and
// publishers that go on all the while.

let redis: TestRedis
let cluster: Cluster
afterEach(async () => {
  await cluster.close()
  await redis.close()
})

// The same numbers for the same seed.
function dice(seed: number): (sides: number) => number {
  let state = seed
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * sides)
  }
}

type Dice = ReturnType<typeof dice>

/** Runs step after step, whatever becomes of each, until it is stopped. */
class Going {
  #stopped = false
  readonly #run: Promise<void>

  constructor(step: () => Promise<void>) {
    this.#run = this.#go(step)
  }

  stop(): Promise<void> {
    this.#stopped = true
    return this.#run
  }

  async #go(step: () => Promise<void>): Promise<void> {
    while (!this.#stopped) {
      // A process died, and with it whoever was talking to it.
      await step().catch(() => {})
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
}

/** Hears everything, now here and now there, from its cursor on. */
function wander(listener: Listener, roll: Dice): Going {
  return new Going(async () => {
    await listener.connect(cluster.member(roll(100)))
    const enough = listener.heard.length + roll(200)
    await listener.until(
      () => listener.over || listener.heard.length > enough || listener.data.at(-1) === 'end',
    )
    await listener.leave()
  })
}

/** Publishes one number after the other, and remembers those of which it was told that they are published. */
class Publisher {
  readonly confirmed: string[] = []
  readonly going: Going
  readonly #watch = new Watch()

  constructor(name: string, roll: Dice) {
    let n = 0
    this.going = new Going(async () => {
      const data = `${name}${(n += 1)}`
      const answer = await cluster.member(roll(100)).publish('a', data)
      if (typeof answer === 'object') this.confirmed.push(data)
      this.#watch.tell()
    })
  }

  /** Resolves when it has been told so of so many more. */
  confirms(more: number): Promise<void> {
    const goal = this.confirmed.length + more
    return this.#watch.until(() => this.confirmed.length >= goal)
  }
}

async function strike(kind: number): Promise<void> {
  if (kind === 0) await redis.kill().then(() => redis.start())
  else await Promise.all([cluster.end(kind === 1 ? 'SIGKILL' : 'SIGTERM'), cluster.start()])
}

/** Everything goes on while so many blows fall; gives what was heard, and what was confirmed, by whom. */
async function play(seed: number, blows: number) {
  const roll = dice(seed)
  const listeners = Array.from({ length: 4 }, () => new Listener('/?channel=a'))
  for (const [at, listener] of listeners.entries()) {
    // Each has a cursor before anything is published.
    await listener.connect(cluster.member(at))
    await listener.until(() => listener.cursor !== undefined)
    await listener.leave()
  }
  const wanderers = listeners.map((listener, at) => wander(listener, dice(seed + at + 1)))
  const publishers = ['x', 'y'].map((name, at) => new Publisher(name, dice(seed + at + 101)))
  const progress = () => Promise.all(publishers.map((publisher) => publisher.confirms(20)))
  for (let blow = 0; blow < blows; blow += 1) {
    await progress()
    // Each kind of blow once, and then whichever.
    await strike(blow < 3 ? blow : roll(3))
  }
  await progress()
  for (const { going } of publishers) await going.stop()
  await cluster.member(0).publish('a', 'end')
  for (const listener of listeners) await listener.until(() => listener.data.at(-1) === 'end')
  for (const wanderer of wanderers) await wanderer.stop()
  return { heard: listeners.map((listener) => listener.heard), publishers }
}

test.runIf(redisIsOurs).each(Array.from({ length: rounds(1, 10) }, (_, n) => n + 1))(
  'while processes and Redis are killed and started, clients hear everything once and in order (seed %d)',
  async (seed) => {
    redis = await startRedis({ durable: true })
    cluster = new Cluster(redis.url, `cluster:${seed}`)
    await Promise.all([cluster.start(), cluster.start(), cluster.start()])
    const { heard, publishers } = await play(seed, rounds(3, 20))
    const [first = []] = heard
    for (const one of heard)
      expect(one.map(({ data }) => data)).toEqual(first.map(({ data }) => data))
    expect(new Set(first.map(({ data }) => data)).size).toBe(first.length)
    expect(heard.flat().filter(({ type }) => type !== 'message')).toEqual([])
    for (const [at, { confirmed }] of publishers.entries()) {
      const own = first.map(({ data }) => data).filter((data) => data.startsWith('xy'.charAt(at)))
      expect(own.filter((data) => confirmed.includes(data))).toEqual(confirmed)
      expect(own).toEqual(own.toSorted((a, b) => Number(a.slice(1)) - Number(b.slice(1))))
    }
  },
)
