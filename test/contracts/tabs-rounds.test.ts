import { finiteReplay } from '@millrace/server'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { startLiveServer, type LiveServer } from '../environment/live-server.ts'
import { rounds } from '../environment/rounds.ts'
import { until } from '../environment/until.ts'
import { randomOf, type Random } from '../harness/random.ts'
import { Tab } from './tabs/tab.ts'
import { startThread, type TabThread } from './tabs/threads.ts'

/** Another one for rounds that nobody has seen yet. */
const seed = Number(process.env['SEED'] ?? 1)

vi.setConfig({ testTimeout: rounds(60_000, 600_000) })

let server: LiveServer
let published: number
let streaming: NodeJS.Timeout

beforeEach(async () => {
  server = await startLiveServer({ replay: finiteReplay({ count: 100_000 }), retry: 1 })
  published = 0
  streaming = setInterval(() => {
    for (let count = 0; count < 5; count += 1) {
      void server.events.broadcast({ data: String((published += 1)) })
    }
  }, 5)
})
afterEach(async () => {
  clearInterval(streaming)
  await server.close()
})

/** A tab that is in: a pool of this thread, or a thread. */
interface Member {
  readonly heard: readonly string[]
  readonly role: () => string | undefined
  /** How many events were published before it was in. */
  readonly since: number
  readonly close: () => Promise<void>
  readonly thread?: TabThread
}

async function openPool(): Promise<Member> {
  const tab = new Tab({ url: server.url })
  const heard: string[] = []
  tab.stream().on('message', ({ data }) => heard.push(data))
  await until(() => tab.isIn)
  return {
    heard,
    role: () => tab.role,
    since: published,
    close: async () => tab.pool.close(),
  }
}

async function openThread(): Promise<Member> {
  const thread = await startThread(server.url)
  await thread.until(({ isIn }) => isIn)
  return {
    heard: thread.heard,
    role: () => thread.role,
    since: published,
    close: async () => thread.close(),
    thread,
  }
}

/** What may happen to a member; whether it is still there. */
const fates: Record<string, (member: Member, random: Random) => Promise<boolean>> = {
  closes: async (member) => {
    await member.close()
    return false
  },
  crashes: async ({ thread, close }) => {
    await (thread?.crash() ?? close())
    return false
  },
  hangs: async ({ thread }, random) => {
    const enough = published + random.below(1_200)
    await thread?.hang()
    await until(() => published > enough)
    await thread?.goOn()
    return true
  },
  'loses its connection': async () => {
    server.drop()
    return true
  },
}

/** Four of them, as before. */
async function fill(members: Member[]): Promise<void> {
  while (members.length < 4) {
    const threads = members.filter(({ thread }) => thread).length
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    members.push(await (threads < 2 ? openThread() : openPool()))
  }
}

/** What there is to say of one, where something went wrong. */
const toldOf = ({ heard, role, since, thread }: Member) => ({
  thread: thread !== undefined,
  role: role(),
  since,
  last: heard.at(-1),
})

/** What one of them, mostly the one that leads, meets; afterwards they are as many as before. */
async function round(members: Member[], random: Random): Promise<string> {
  const leader = members.find(({ role }) => role() === 'leads')
  const member = random.chance(0.7) && leader ? leader : random.pick(members)
  const name = random.pick(Object.keys(fates))
  const stays = await fates[name]?.(member, random)
  if (!stays) members.splice(members.indexOf(member), 1)
  await fill(members)
  return `${member === leader ? 'the leader' : 'another'} ${name}`
}

test(`whatever becomes of pools and threads under a thousand events a second, each hears every event once and in order, and one leads (seed ${seed})`, async ({
  onTestFailed,
}) => {
  const random = randomOf(seed)
  const members: Member[] = []
  await fill(members)
  let history = ''
  onTestFailed(() => console.error(`after${history}: ${JSON.stringify(members.map(toldOf))}`))
  for (let left = rounds(12, 300); left > 0; left -= 1) {
    /* oxlint-disable no-await-in-loop -- one after the other */
    history += `, ${await round(members, random)}`
    const upTo = published
    await until(() => members.every(({ heard }) => Number(heard.at(-1)) >= upTo))
    await until(() => members.filter(({ role }) => role() === 'leads').length === 1)
    await until(() => server.events.sessions.size === 1)
    /* oxlint-enable no-await-in-loop */
    for (const { heard, since } of members) {
      const first = Number(heard[0])
      expect(first, `after${history}`).toBeLessThanOrEqual(since + 1)
      const all = heard.map((_, index) => String(first + index))
      expect(heard, `after${history}`).toEqual(all)
    }
  }
  await Promise.all(members.map(async ({ close }) => close()))
})
