import { finiteReplay } from '@millrace/server'
import {
  fetchTransport,
  multiplex,
  type RawEvent,
  type StreamOptions,
  type Transport,
} from 'millrace'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { startLiveServer, type LiveServer } from '../environment/live-server.ts'
import { rounds } from '../environment/rounds.ts'
import { until } from '../environment/until.ts'
import { Tab, type Heard, type TabOptions } from './tabs/tab.ts'
import { startThread, type TabThread } from './tabs/threads.ts'

/* oxlint-disable unicorn/require-post-message-target-origin -- channels have none */
// Tabs that share a connection to a real server, over the locks and channels of Node: pools of one thread, and threads
// that crash and hang.

// Threads take their time on a busy machine.
vi.setConfig({ testTimeout: 20_000 })

let server: LiveServer
let tabs: Tab[]
let threads: TabThread[]
/** What the server answers with, in the place of a stream. */
let refusal: Response | undefined
/** How many events were published. */
let published: number

beforeEach(async () => {
  tabs = []
  threads = []
  refusal = undefined
  published = 0
  server = await startLiveServer({
    replay: finiteReplay({ count: 100_000 }),
    retry: 1,
    authorize: () => refusal?.clone() ?? {},
  })
})
afterEach(async () => {
  for (const tab of tabs) tab.pool.close()
  await Promise.all(threads.map(async (thread) => thread.crash()))
  await server.close()
  vi.unstubAllGlobals()
})

function open(options: Partial<TabOptions> = {}): Tab {
  const tab = new Tab({ url: server.url, ...options })
  tabs.push(tab)
  return tab
}

/** Tabs that all listen, and are all in. */
async function listening(count: number, options: StreamOptions = {}) {
  const opened = Array.from({ length: count }, () => open())
  const heard = opened.map((tab) => tab.hear('message', options))
  await until(() => opened.every(({ isIn }) => isIn))
  const leader = opened.find(({ role }) => role === 'leads') as Tab
  const others = opened.filter((tab) => tab !== leader) as [Tab, ...Tab[]]
  const heardByOthers = heard.filter((_, index) => opened[index] !== leader)
  return { opened, heard, leader, others, heardByOthers }
}

/** Threads that are all in. */
async function threaded(count: number) {
  const starting = Array.from({ length: count }, async () => startThread(server.url))
  const all = await Promise.all(starting)
  threads.push(...all)
  await Promise.all(all.map(async (thread) => thread.until(({ isIn }) => isIn)))
  const leader = all.find(({ role }) => role === 'leads') as TabThread
  return { all, leader, others: all.filter((thread) => thread !== leader) }
}

async function publish(count = 1, event?: string): Promise<void> {
  for (let left = count; left > 0; left -= 1) {
    published += 1
    // oxlint-disable-next-line no-await-in-loop -- in their order
    await server.events.broadcast({ data: String(published), ...(event && { event }) })
  }
}

/** One of them leads, the others follow. */
function expectOneToLead(all: readonly { readonly role: string | undefined }[]): void {
  const roles = all.map(({ role }) => role)
  const at = roles.indexOf('leads')
  expect(roles).toEqual(roles.map((_, index) => (index === at ? 'leads' : 'follows')))
}

const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => String(from + index))
const dataOf = (heard: readonly Heard[]) => heard.map(({ data }) => data)

/** Each of them has heard everything so far, once and in order. */
async function allHeard(...all: (readonly Heard[])[]): Promise<void> {
  await until(() => all.every((heard) => heard.at(-1)?.data === String(published)))
  for (const heard of all) expect(dataOf(heard)).toEqual(numbers(1, published))
}

/** The names of locks that are held or waited for here. */
async function locks(): Promise<(string | undefined)[]> {
  const { held = [], pending = [] } = await navigator.locks.query()
  return [...held, ...pending].map(({ name }) => name)
}

test('tabs hold one connection for a request, and each hears every event', async () => {
  const { opened, heard } = await listening(5)
  await publish(100)
  await allHeard(...heard)
  expectOneToLead(opened)
  expect(server.requests).toHaveLength(1)
  // Another request is another connection, with a leader of its own.
  const elsewhere = open({ url: `${server.url}?elsewhere` })
  elsewhere.hear()
  await until(() => elsewhere.isIn)
  expect(elsewhere.roles).toEqual(['leads free'])
})

test('an event is the same in each tab: its id, its type, its channel, its place among the others', async () => {
  const channels = multiplex({ param: 'channel' })
  const all = [open(), open(), open()].map((tab) => {
    const heard = tab.hear('*', { channels, channel: 'pets' })
    return { tab, heard }
  })
  await until(() => all.every(({ tab }) => tab.isIn))
  for (const [channel, event] of [
    ['pets/dogs', 'bark'],
    ['pets/cats', 'meow'],
    ['pets', 'bark'],
  ] as const) {
    // oxlint-disable-next-line no-await-in-loop -- in their order
    await server.events.publish(channel, { event, data: channel })
  }
  await until(() => all.every(({ heard }) => heard.length === 3))
  const [{ heard: first }] = all as [(typeof all)[0]]
  expect(first).toEqual([
    { type: 'bark', data: 'pets/dogs', channel: 'pets/dogs', lastEventId: expect.any(String) },
    { type: 'meow', data: 'pets/cats', channel: 'pets/cats', lastEventId: expect.any(String) },
    { type: 'bark', data: 'pets', channel: 'pets', lastEventId: expect.any(String) },
  ])
  expect(new Set(first.map(({ lastEventId }) => lastEventId)).size).toBe(3)
  for (const { heard } of all) expect(heard).toEqual(first)
})

test('what else a transport puts into an event, which no message may carry, keeps it from nobody', async () => {
  const inner = fetchTransport()
  const transport: Transport = {
    ...inner,
    connect: (request, { receive, ...sink }, types) => {
      const more = (event: RawEvent) => ({ ...event, again: () => event })
      const told: typeof receive = (events, ...at) => receive(events.map(more), ...at)
      return inner.connect(request, { ...sink, receive: told }, types)
    },
  }
  const { heard } = await listening(3, { transport })
  await publish(10)
  await allHeard(...heard)
  expect(server.requests).toHaveLength(1)
})

test('the tab that leads asks for the channels and event types of all tabs, and each hears its own', async () => {
  const channels = multiplex({ param: 'channel' })
  const [one, two] = [open(), open()]
  const dogs = one.hear('bark', { channels, channel: 'dogs' })
  await until(() => one.isIn)
  const cats = two.hear('meow', { channels, channel: 'cats' })
  const cars = two.hear('*', { channels, channel: 'cars' })
  await until(() => [...server.events.sessions].at(-1)?.channels.length === 3)
  await until(() => one.isIn && two.isIn)
  for (const [channel, event] of [
    ['dogs', 'bark'],
    ['dogs', 'meow'],
    ['cats', 'meow'],
    ['cars', 'honk'],
  ] as const) {
    // oxlint-disable-next-line no-await-in-loop -- in their order
    await server.events.publish(channel, { event, data: channel })
  }
  await until(() => dogs.length + cats.length + cars.length === 3)
  expect([dogs, cats, cars].map((heard) => heard.map(({ type }) => type))).toEqual([
    ['bark'],
    ['meow'],
    ['honk'],
  ])
  await until(() => server.events.sessions.size === 1)
})

test('a tab that comes late sees the latest values at once, of types that no other tab read too', async () => {
  const { opened } = await listening(2)
  await publish()
  await publish(1, 'note')
  await until(() => opened.every((tab) => tab.pool.connections.value[0]?.lastEventId))
  const late = open()
  const message = late.stream().latest('message')
  const note = late.stream().latest('note')
  const stops = [message, note].map((latest) => latest.subscribe(() => {}))
  await until(() => message.value !== undefined && note.value !== undefined)
  expect([message.value?.data, note.value?.data]).toEqual(['1', '2'])
  expect(server.requests).toHaveLength(1)
  for (const stop of stops) stop()
})

test('the status, the error, the cursor and the time of the next attempt are the same in every tab', async () => {
  const { opened, heard } = await listening(3)
  await publish(3)
  await allHeard(...heard)
  const connections = () => opened.map((tab) => tab.pool.connections.value[0])
  await until(() => new Set(connections().map((at) => at?.lastEventId)).size === 1)
  refusal = new Response('Busy', { status: 503, headers: { 'retry-after': '3600' } })
  server.drop()
  await until(() => connections().every((at) => at?.status === 'waiting' && at.error?.status))
  const [{ retryAt = 0 } = {}] = connections()
  expect(retryAt).toBeGreaterThan(Date.now() + 3_000_000)
  expect(connections().map((at) => [at?.error?.code, at?.error?.status, at?.retryAt])).toEqual(
    opened.map(() => ['status', 503, retryAt]),
  )
  refusal = undefined
  opened[2]?.stream().reconnect()
  await until(() => opened.every(({ isIn }) => isIn))
  expect(connections().map((at) => at?.error)).toEqual([undefined, undefined, undefined])
  await publish(3)
  await allHeard(...heard)
})

test('what the server says of retrying is heard by who takes over', async () => {
  await server.close()
  server = await startLiveServer({ retry: 600_000 })
  const { leader, others } = await listening(2)
  leader.pool.close()
  const [other] = others
  await until(() => other.role === 'leads' && other.isIn)
  server.drop()
  const next = () => other.pool.connections.value[0]?.retryAt ?? 0
  await until(() => next() > 0)
  expect(next()).toBeGreaterThan(Date.now() + 500_000)
})

test.each([
  [204, 'ended'],
  [404, 'refused'],
])('what the server answers once for all (%i) is %s in every tab', async (status, reason) => {
  const { opened } = await listening(3)
  refusal = new Response(null, { status })
  server.drop()
  const reasons = () => opened.map((tab) => tab.pool.connections.value[0]?.reason)
  await until(() => reasons().every(Boolean))
  expect(reasons()).toEqual([reason, reason, reason])
  // oxlint-disable-next-line no-await-in-loop -- it asks until it is so
  while ((await locks()).length > 0);
  // Whoever leads next knows, and does not ask again.
  expect(server.requests).toHaveLength(2)
})

test('a token that is refused is asked for anew once, for all tabs; who comes later tries again', async () => {
  const tokens: number[] = []
  const options = { headers: () => ({ authorization: String(tokens.push(tokens.length)) }) }
  const { opened, heard } = await listening(3, options)
  await publish()
  await allHeard(...heard)
  refusal = new Response(null, { status: 401 })
  server.drop()
  const connections = () => opened.map((tab) => tab.pool.connections.value[0])
  await until(() => connections().every((at) => at?.reason === 'refused'))
  expect(connections().map((at) => at?.error?.status)).toEqual([401, 401, 401])
  // One request, the one that was refused, and the one with a fresh token.
  expect(server.requests).toHaveLength(3)
  refusal = undefined
  heard.push(...opened.map((tab) => tab.hear('message', options)))
  await until(() => opened.every(({ isIn }) => isIn))
  expectOneToLead(opened)
  await publish()
  await until(() => heard.every((one) => one.at(-1)?.data === '2'))
  await until(() => server.events.sessions.size === 1)
})

test('while the server fails, one tab asks for all, and a tab that comes or goes asks no sooner', async () => {
  const { opened, heard, leader } = await listening(3)
  await publish()
  await allHeard(...heard)
  refusal = new Response(null, { status: 500, headers: { 'retry-after': '3600' } })
  server.drop()
  const statusOf = (tab: Tab) => tab.pool.connections.value[0]?.error?.status
  await until(() => opened.every((tab) => statusOf(tab) === 500))
  expect(server.requests).toHaveLength(2)
  const late = open()
  const heardLate = late.hear()
  await until(() => statusOf(late) === 500)
  expect(server.requests).toHaveLength(2)
  // Who leads next has yet to find out.
  refusal = undefined
  leader.pool.close()
  await until(() => late.isIn)
  await publish()
  await until(() => heardLate.length === 1)
  expect(server.requests).toHaveLength(3)
})

test('where the tab that leads closes, another goes on at once: nothing is lost, nothing doubled', async () => {
  const { leader, others, heard, heardByOthers } = await listening(4)
  await publish(10)
  await allHeard(...heard)
  leader.pool.close()
  await publish(10)
  await until(() => others.some(({ role }) => role === 'leads'))
  await publish(10)
  await allHeard(...heardByOthers)
  expect(others.flatMap(({ roles }) => roles)).toContain('leads left')
  await until(() => server.events.sessions.size === 1)
})

/** What becomes of the thread that leads. */
const fates: Record<string, (leader: TabThread) => Promise<void>> = {
  closes: async (leader) => leader.close(),
  crashes: async (leader) => leader.crash(),
  hangs: async (leader) => leader.hang(),
}

/** They have heard everything so far, once and in order. */
async function threadsHeard(all: readonly TabThread[]): Promise<void> {
  await Promise.all(
    all.map(async (thread) => thread.until(({ heard }) => heard.length >= published)),
  )
  for (const { heard } of all) expect(heard).toEqual(numbers(1, published))
}

test.each(Object.entries(fates))(
  'where the thread that leads %s, another goes on: nothing is lost, nothing doubled',
  async (_, meet) => {
    const { leader, others } = await threaded(3)
    await publish(10)
    await threadsHeard(others)
    const meeting = meet(leader)
    await publish(50)
    await meeting
    await until(() => others.some(({ role }) => role === 'leads'))
    await publish(10)
    await threadsHeard(others)
    expect(others.filter(({ role }) => role === 'leads')).toHaveLength(1)
  },
)

test('a thread that hung while it led finds out that it was replaced, and follows', async () => {
  const { all, leader, others } = await threaded(3)
  await publish(10)
  await threadsHeard(all)
  await leader.hang()
  await publish(10)
  await until(() => others.some(({ role }) => role === 'leads'))
  await publish(10)
  await leader.goOn()
  await leader.until(({ role, isIn }) => isIn && role === 'follows')
  await publish(10)
  await threadsHeard(all)
  expect(all.filter(({ role }) => role === 'leads')).toHaveLength(1)
  await until(() => server.events.sessions.size === 1)
})

test('a tab that hears nothing while it hangs hears all of it when it goes on', async () => {
  const { others } = await threaded(2)
  const [hanging] = others as [TabThread]
  await publish()
  await threadsHeard([hanging])
  await hanging.hang()
  await publish(5_000)
  await hanging.goOn()
  await threadsHeard([hanging])
  expect(hanging.role).toBe('follows')
  await until(() => server.events.sessions.size === 1)
})

test('where the tab that leads goes before any event had come, another goes on from where the stream began', async () => {
  const gaps: string[] = []
  const { leader, heardByOthers } = await listening(3, { onGap: ({ reason }) => gaps.push(reason) })
  const cursors = () => tabs.map(({ pool }) => pool.connections.value[0]?.lastEventId)
  await until(() => cursors().every((cursor) => cursor !== ''))
  expect(new Set(cursors()).size).toBe(1)
  leader.pool.close()
  await publish(10)
  await allHeard(...heardByOthers)
  expect(gaps).toEqual([])
})

test('where no server says where a stream begins, every tab is told that some may be missing', async () => {
  await server.close()
  server = await startLiveServer({ retry: 1 })
  const gaps: string[] = []
  const { leader } = await listening(3, { onGap: ({ reason }) => gaps.push(reason) })
  server.drop()
  await until(() => gaps.length === 3)
  leader.pool.close()
  await until(() => gaps.length === 5)
  expect(new Set(gaps)).toEqual(new Set(['no-cursor']))
})

test('a tab that closes while another takes over takes nothing along', async () => {
  const { opened, leader, others, heard } = await listening(4)
  await publish()
  await allHeard(...heard)
  const left = [...others]
  leader.pool.close()
  left.shift()?.pool.close()
  await publish()
  await until(() => left.some(({ role }) => role === 'leads'))
  const next = left.findIndex(({ role }) => role === 'leads')
  left.splice(next, 1)[0]?.pool.close()
  await publish()
  await until(() => left[0]?.role === 'leads' && left[0].isIn)
  await publish()
  await allHeard(...heard.filter((_, index) => opened[index] === left[0]))
  await until(() => server.events.sessions.size === 1)
  expect(server.requests.length).toBeLessThanOrEqual(4)
})

test('components that come and go at once leave nothing behind, in any tab', async () => {
  const { opened } = await listening(3)
  for (let count = 0; count < 50; count += 1) {
    for (const tab of opened) {
      const stop = tab.stream().on('message', () => {})
      stop()
      const again = tab.stream().on('note', () => {})
      queueMicrotask(again)
    }
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await publish()
  }
  expectOneToLead(opened)
  expect(server.requests).toHaveLength(1)
  const heard = opened.map((tab) => tab.hear())
  await until(() => opened.every(({ isIn }) => isIn))
  await publish()
  await until(() => heard.every((one) => one.length > 0))
  expect(server.events.sessions.size).toBe(1)
})

test('reconnect() in any tab makes the one connection anew', async () => {
  const { heard, others } = await listening(3)
  await publish()
  await allHeard(...heard)
  others[0].stream().reconnect()
  await until(() => server.requests.length === 2)
  await publish()
  await allHeard(...heard)
  await until(() => server.events.sessions.size === 1)
  expect(server.requests).toHaveLength(2)
})

test('tabs of different sessions never share, and one that logs in moves over', async () => {
  const scopes = ['ada', 'bob', undefined]
  const all = scopes.map((scope) => open({ scope }))
  const heard = all.map((tab) => tab.hear())
  await until(() => all.every(({ isIn }) => isIn))
  expect(server.events.sessions.size).toBe(3)
  expect(all.map(({ roles }) => roles)).toEqual(all.map(() => ['leads free']))
  for (const tab of all) tab.sharing.setScope('eve')
  await until(() => server.events.sessions.size === 1 && all.every(({ isIn }) => isIn))
  await publish()
  await until(() => heard.every((one) => one.length === 1))
})

test('a key says whose a stream is, whatever the scope', async () => {
  const headers = { 'x-user': 'ada' }
  const keyed = [open({ scope: undefined }), open({ scope: undefined })]
  for (const tab of keyed) tab.hear('message', { headers, key: 'ada' })
  const other = open({ scope: undefined })
  other.hear('message', { headers, key: 'bob' })
  const nobody = open({ scope: undefined })
  nobody.hear('message', { headers })
  await until(() => [...keyed, other, nobody].every(({ isIn }) => isIn))
  expect(server.events.sessions.size).toBe(3)
  expectOneToLead(keyed)
  expect(other.role).toBe('leads')
  expect(nobody.roles).toEqual(['alone no-scope'])
})

test.each<StreamOptions>([{ onEnd: 'complete' }, { method: 'POST', body: 'all' }])(
  'what is sent once (%j) is never shared',
  async (options) => {
    const all = [open(), open()]
    for (const tab of all) tab.hear('message', options)
    await until(() => server.requests.length === 2)
    expect(all.map(({ roles }) => roles)).toEqual([[], []])
    expect(await locks()).toEqual([])
  },
)

test.each([
  ['no-locks', () => vi.stubGlobal('navigator', { onLine: true })],
  ['no-channel', () => vi.stubGlobal('BroadcastChannel', undefined)],
])('with %s, each tab connects for itself, and the trace says why', async (because, take) => {
  take()
  const { opened, heard } = await listening(2)
  expect(server.events.sessions.size).toBe(2)
  expect(opened.map(({ roles }) => roles)).toEqual(opened.map(() => [`alone ${because}`]))
  await publish()
  await allHeard(...heard)
})

/** Notes each message, and on which channel. */
function eavesdropper() {
  const posted: { readonly name: string; readonly data: unknown }[] = []
  class Noted extends BroadcastChannel {
    override postMessage(data: unknown): void {
      posted.push({ name: this.name, data })
      super.postMessage(data)
    }
  }
  return { posted, Noted }
}

test('a tab is told nothing of event types that nobody reads there', async () => {
  const { posted, Noted } = eavesdropper()
  const [one, two] = [open({ BroadcastChannel: Noted }), open({ BroadcastChannel: Noted })]
  const ticks = one.hear('tick')
  await until(() => one.isIn)
  const notes = two.hear('note')
  await until(() => two.isIn)
  const told = () => posted.filter(({ data }) => Object(data).events?.length > 0).length
  expect(told()).toBe(0)
  await publish(500, 'tick')
  await publish(1, 'note')
  await until(() => notes.length === 1 && ticks.length === 500)
  expect(told()).toBe(1)
  // From its first reader on, it is told.
  const before = posted.length
  const late = two.hear('tick')
  await until(() =>
    posted.slice(before).some(({ data }) => Object(data).turn && !Object(data).wants),
  )
  await publish(1, 'tick')
  await until(() => late.length === 1 && ticks.length === 501)
})

test('a tab that hangs is not told without end: what it missed it is told when it goes on', async () => {
  const { posted, Noted } = eavesdropper()
  const leader = open({ BroadcastChannel: Noted })
  leader.hear()
  await until(() => leader.isIn)
  const { all } = await threaded(1)
  const [hanging] = all as [TabThread]
  await publish()
  await threadsHeard([hanging])
  await hanging.hang()
  const before = posted.length
  const seen = () => leader.pool.connections.value[0]?.events
  for (let left = rounds(1_400, 10_000); left > 0; left -= 1) {
    // Each in a chunk of its own.
    // oxlint-disable-next-line no-await-in-loop
    await publish()
    // oxlint-disable-next-line no-await-in-loop
    await until(() => seen() === published)
  }
  expect(posted.length - before).toBeLessThan(1_200)
  await hanging.goOn()
  await threadsHeard([hanging])
  await until(() => server.events.sessions.size === 1)
})

test('a tab that was away for longer than others remember asks them a few times, not at every event', async () => {
  const { posted, Noted } = eavesdropper()
  const { heard: heards } = await listening(1)
  const [ahead = []] = heards
  await publish(5_000)
  await until(() => ahead.length === 5_000)
  const late = open({ BroadcastChannel: Noted })
  const heard = late.hear('message', { initialLastEventId: ahead[0]?.lastEventId ?? '' })
  while (late.role !== 'follows' || !late.isIn || published < 5_500) {
    // Each in a chunk of its own.
    // oxlint-disable-next-line no-await-in-loop
    await publish()
    const upTo = published
    // oxlint-disable-next-line no-await-in-loop
    await until(() => ahead.length === upTo)
  }
  await until(() => heard.length === published - 1)
  expect(dataOf(heard)).toEqual(numbers(2, published))
  const asked = posted.filter(({ name }) => name.endsWith(' desk'))
  expect(asked.length).toBeLessThan(30)
  await until(() => server.events.sessions.size === 1)
})

const nonsense = [
  null,
  undefined,
  0,
  '',
  'lead',
  [],
  {},
  new Map(),
  new Uint8Array(3),
  { epoch: 0 },
  { epoch: 'later', number: 1, events: [{ type: 'message', data: 'false', lastEventId: '1' }] },
  { protocol: 'millrace-tabs-2', kind: 'hello', tab: 'x', from: 17, reads: ['message'] },
]

test('what others post on the same channels, and what another version would, harms nobody', async () => {
  const { posted, Noted } = eavesdropper()
  const all = [open({ BroadcastChannel: Noted }), open({ BroadcastChannel: Noted })]
  const heard = all.map((tab) => tab.hear())
  await until(() => all.every(({ isIn }) => isIn))
  await publish()
  await allHeard(...heard)
  for (const name of new Set(posted.map(({ name }) => name))) {
    for (const other of [name, name.replace('millrace-tabs-1', 'millrace-tabs-2')]) {
      const channel = new BroadcastChannel(other)
      for (const data of nonsense) channel.postMessage(data)
      channel.close()
    }
  }
  await publish(10)
  await allHeard(...heard)
  expectOneToLead(all)
  const gone = all.findIndex(({ role }) => role === 'leads')
  all[gone]?.pool.close()
  await until(() => all[1 - gone]?.role === 'leads')
  await publish(10)
  await allHeard(...heard.toSpliced(gone, 1))
  expect(server.requests).toHaveLength(2)
})

test('a pool that closes holds no lock and waits for none, wherever it stands', async () => {
  const all = Array.from({ length: 4 }, () => open())
  for (const tab of all) tab.hear()
  const [first, ...rest] = all as [Tab, ...Tab[]]
  // Before it was granted anything.
  first.pool.close()
  expect(await locks()).toEqual([])
  await until(() => rest.every(({ isIn }) => isIn))
  for (const tab of rest) tab.pool.close()
  await until(() => server.events.sessions.size === 0)
  expect(await locks()).toEqual([])
})

test('nothing keeps a thread alive that has closed its pool, whether it led or followed', async () => {
  const { leader, others } = await threaded(2)
  for (const thread of [...others, leader]) {
    // oxlint-disable-next-line no-await-in-loop -- the one that follows first
    await thread.close()
    expect(thread.exitCode).toBe(0)
  }
})
