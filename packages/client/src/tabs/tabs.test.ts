import { afterEach, expect, test, vi } from 'vitest'
import type { StreamOptions } from '../options.ts'
import { createPool } from '../pool.ts'
import { multiplex } from '../stream/channel.ts'
import type { AnyStream } from '../stream/stream.ts'
import { FakeBrowser, type FakeTab, type TabOptions } from './fake-browser.test.support.ts'
import { shareTabs } from './share-tabs.ts'

const url = 'https://server.test/events'

function listen(tab: FakeTab, type = 'message', options: StreamOptions = {}): string[] {
  const heard: string[] = []
  tab.pool.stream(url, options).on(type, ({ data }) => heard.push(data))
  return heard
}

/** Tabs that all listen, and are all in. */
async function listening(
  count: number,
  { seed, ...options }: TabOptions & { readonly seed?: number } = {},
  stream?: StreamOptions,
) {
  const browser = new FakeBrowser(seed)
  const tabs = Array.from({ length: count }, () => browser.open(options))
  const heard = tabs.map((tab) => listen(tab, 'message', stream))
  await browser.pass(100)
  const [leading] = [...browser.server.connections]
  const leader = leading?.tab
  const at = tabs.findIndex((tab) => tab === leader)
  const others = tabs.filter((tab) => tab !== leader) as [FakeTab, ...FakeTab[]]
  /** What the others heard. */
  const heardByOthers = () => heard.filter((_, index) => index !== at)
  const publish = async (type = 'message') => {
    browser.server.publish(type)
    await browser.pass(0)
  }
  return { browser, server: browser.server, tabs, leader, others, heard, heardByOthers, publish }
}

afterEach(() => {
  vi.unstubAllGlobals()
})

const snapshotOf = (tab: FakeTab) => tab.pool.connections.value[0]
const rolesOf = (tab: FakeTab) =>
  tab.traces.flatMap(({ event, because }) => (because === undefined ? [] : [`${event} ${because}`]))

test('ten tabs hold one connection, and each hears every event', async () => {
  const { server, heard, publish } = await listening(10)
  expect(server.connections.size).toBe(1)
  await publish()
  await publish()
  expect(heard).toEqual(heard.map(() => ['1', '2']))
  expect(server.asked).toBe(1)
})

test('when the tab that leads crashes, another goes on from the cursor at once', async () => {
  const { browser, server, leader, heardByOthers, publish } = await listening(3)
  await publish()
  leader?.crash()
  await publish()
  await publish()
  expect(heardByOthers()).toEqual([
    ['1', '2', '3'],
    ['1', '2', '3'],
  ])
  expect(server.connections.size).toBe(1)
  await browser.pass(0)
  expect([...server.connections][0]?.request.lastEventId).toBe('1')
})

test('where there is no cursor, every tab is told of the gap that another leader leaves', async () => {
  const { browser, server, leader, others } = await listening(3)
  const streams = others.map((tab) => tab.pool.stream(url))
  for (const stream of streams) stream.on('message', () => {})
  const gaps = () => streams.map((stream) => stream.gaps.value)
  server.publish('message', '')
  await browser.pass(0)
  leader?.crash()
  expect(gaps()).toEqual([0, 0])
  await browser.pass(1_000)
  expect(gaps()).toEqual([1, 1])
})

test('a tab that comes in is told of no gap, in whichever order it hears of the one that leads', async () => {
  for (let seed = 1; seed <= 50; seed += 1) {
    const browser = new FakeBrowser(seed)
    const gaps: string[] = []
    for (let count = 0; count < 4; count += 1) {
      listen(browser.open(), 'message', { onGap: ({ reason }) => gaps.push(reason) })
    }
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await browser.pass(100)
    expect(gaps, `seed ${seed}`).toEqual([])
  }
})

test('where a tab that leads breaks off and goes on without a cursor, every tab is told of the gap', async () => {
  const { browser, server, tabs } = await listening(3)
  const streams = tabs.map((tab) => tab.pool.stream(url))
  for (const stream of streams) stream.on('message', () => {})
  for (const count of [1, 2]) {
    server.drop()
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await browser.pass(5_000)
    expect(streams.map((stream) => stream.gaps.value)).toEqual([count, count, count])
  }
})

test('where an id alone says where the stream is, every tab knows, and goes on from there', async () => {
  const { browser, server, tabs, leader, heardByOthers, publish } = await listening(3)
  const cursors = () => tabs.map((tab) => snapshotOf(tab)?.lastEventId)
  const [connection] = [...server.connections]
  await publish()
  connection?.move('')
  await browser.pass(0)
  expect(cursors()).toEqual(['', '', ''])
  server.publish('note')
  connection?.move('2')
  await browser.pass(0)
  expect(cursors()).toEqual(['2', '2', '2'])
  leader?.crash()
  await publish()
  expect(heardByOthers()).toEqual([
    ['1', '3'],
    ['1', '3'],
  ])
})

test('when nobody reads it any more in the tab that leads, another takes over', async () => {
  const { browser, leader, others, heardByOthers, publish } = await listening(3)
  await publish()
  leader?.pool.close()
  await browser.pass(0)
  await publish()
  expect(heardByOthers()).toEqual([
    ['1', '2'],
    ['1', '2'],
  ])
  const roles = others.map((tab) => String(snapshotOf(tab)?.tab))
  expect(roles.toSorted()).toEqual(['follows', 'leads'])
  expect(others.flatMap(rolesOf)).toContain('leads left')
})

test('a tab that hangs while it leads is replaced within a second, and says nothing when it goes on', async () => {
  const { browser, server, leader, others, heard, heardByOthers, publish } = await listening(3)
  await publish()
  leader?.freeze()
  await publish()
  await browser.pass(1_000)
  expect(heardByOthers()).toEqual([
    ['1', '2'],
    ['1', '2'],
  ])
  expect(others.flatMap(rolesOf)).toContain('leads silent')
  const { posted } = browser.channels
  const before = posted.length
  leader?.thaw()
  await publish()
  expect(heard).toEqual(heard.map(() => ['1', '2', '3']))
  expect(leader && rolesOf(leader)).toContain('follows robbed')
  const said = posted.slice(before).filter(({ tab }) => tab === leader)
  // It asks, and tells nobody anything.
  expect(said.filter(({ name }) => !name.endsWith(' desk'))).toEqual([])
  expect(server.connections.size).toBe(1)
})

test('a tab that hangs as it comes to lead, and is replaced before it knows, is heard by nobody when it goes on', async () => {
  for (let seed = 1; seed <= 50; seed += 1) {
    /* oxlint-disable no-await-in-loop -- one after the other */
    const { browser, server, leader, others, heardByOthers, publish } = await listening(4, { seed })
    await publish()
    for (const tab of others) tab.freeze()
    leader?.crash()
    await browser.run()
    // The lock is of one that hangs, whichever that is; the next takes it from there.
    const holder = () =>
      browser.locks.query().held?.find(({ name }) => name?.endsWith('lead'))?.clientId
    const next = others.find(({ name }) => name === holder())
    const awake = others.filter((tab) => tab !== next)
    for (const tab of awake) tab.thaw()
    await browser.pass(1_500)
    const replacing = others.find(({ name }) => name === holder())
    expect(awake).toContain(replacing)
    next?.thaw()
    for (let count = 0; count < 10; count += 1) {
      server.publish('message')
      for (let steps = 12 * browser.random(); steps > 0; steps -= 1) await browser.step()
    }
    await browser.pass(10_000)
    /* oxlint-enable no-await-in-loop */
    expect(holder()).toBe(replacing?.name)
    expect([...server.connections].map(({ tab }) => tab)).toEqual([replacing])
    const all = server.events.map(({ data }) => data)
    expect(heardByOthers(), `seed ${seed}`).toEqual([all, all, all])
  }
})

test('where every tab is often late, they do not take the lead from each other for ever', async () => {
  const { browser, tabs } = await listening(4)
  for (const tab of tabs) tab.freeze()
  const due = new Map(tabs.map((tab) => [tab, 0]))
  /** A minute, in which each tab runs for a moment about twice a second; how often one replaced another. */
  async function minute(): Promise<number> {
    const before = tabs.map((tab) => tab.traces.length)
    for (const end = browser.now + 60_000; browser.now < end;) {
      /* oxlint-disable no-await-in-loop -- one after the other */
      await browser.pass(50)
      for (const tab of tabs.filter((other) => Number(due.get(other)) <= browser.now)) {
        due.set(tab, browser.now + 800 * browser.random())
        tab.thaw()
        await browser.run()
        tab.freeze()
      }
      /* oxlint-enable no-await-in-loop */
    }
    const roles = tabs.flatMap((tab, index) => tab.traces.slice(before[index]))
    return roles.filter(({ because }) => because === 'silent').length
  }
  expect((await minute()) + (await minute())).toBeGreaterThan(3)
  expect((await minute()) + (await minute())).toBeLessThan(3)
})

test('a tab that comes late sees the latest values at once', async () => {
  const { browser, tabs, publish } = await listening(2)
  await publish()
  const late = browser.open()
  tabs.push(late)
  const latest = late.pool.stream(url).latest('message')
  const values: (string | undefined)[] = []
  latest.subscribe((event) => values.push(event?.data))
  await browser.pass(100)
  expect(values).toEqual([undefined, '1'])
})

test('a tab that starts from a cursor hears what it missed, and then follows', async () => {
  const { browser, server, publish } = await listening(2)
  await publish()
  await publish()
  await publish()
  const late = browser.open()
  const heard: string[] = []
  late.pool.stream(url, { initialLastEventId: '1' }).on('message', ({ data }) => heard.push(data))
  await browser.pass(100)
  expect(heard).toEqual(['2', '3'])
  expect(server.asked).toBe(1)
})

test('a tab that starts from a cursor that no tab remembers asks the server itself, until it knows where they are', async () => {
  const browser = new FakeBrowser()
  const { server } = browser
  for (let count = 0; count < 5; count += 1) server.publish('message')
  listen(browser.open())
  await browser.pass(100)
  const late = browser.open()
  const heard: string[] = []
  late.pool.stream(url, { initialLastEventId: '2' }).on('message', ({ data }) => heard.push(data))
  await browser.pass(700)
  expect(heard).toEqual(['3', '4', '5'])
  expect(server.connections.size).toBe(2)
  server.publish('message')
  await browser.pass(500)
  expect(heard).toEqual(['3', '4', '5', '6'])
  expect(server.connections.size).toBe(1)
  expect(snapshotOf(late)?.tab).toBe('follows')
})

test('every tab tells how the connection stands, and of its errors', async () => {
  const { browser, server, tabs } = await listening(3)
  const standing = () => tabs.map((tab) => snapshotOf(tab)).map((at) => [at?.status, at?.retryAt])
  server.refusal = { kind: 'status', status: 503, retryAfter: '5' }
  server.drop()
  await browser.pass(2_000)
  const [[status, retryAt] = []] = standing()
  expect(status).toBe('waiting')
  expect(retryAt).toBeGreaterThan(browser.now)
  expect(standing()).toEqual(tabs.map(() => ['waiting', retryAt]))
  const errors = tabs.map((tab) => tab.pool.stream(url).error.value)
  expect(errors.map((error) => [error?.code, error?.status])).toEqual(
    tabs.map(() => ['status', 503]),
  )
  server.refusal = undefined
  await browser.pass(10_000)
  expect(standing()).toEqual(tabs.map(() => ['open', undefined]))
})

const verdicts = [
  [{ kind: 'no-content' }, 'ended'],
  [{ kind: 'status', status: 404, retryAfter: undefined }, 'refused'],
] as const

test.each(verdicts)(
  'what the server answers once for all ($kind) is told once in every tab, and no tab asks again',
  async (refusal, reason) => {
    // In which order a message and a lock arrive is chance.
    for (let seed = 1; seed <= 20; seed += 1) {
      const browser = new FakeBrowser(seed)
      const tabs = Array.from({ length: 3 }, () => browser.open())
      for (const tab of tabs) listen(tab)
      /* oxlint-disable no-await-in-loop -- one after the other */
      await browser.pass(100)
      browser.server.refusal = refusal
      browser.server.drop()
      await browser.pass(1_000)
      /* oxlint-enable no-await-in-loop */
      const standings = tabs.map((tab) => snapshotOf(tab))
      expect(standings.map((at) => at?.reason)).toEqual([reason, reason, reason])
      expect(browser.server.asked).toBe(2)
      const told = tabs.map(({ traces }) => traces.filter((trace) => trace.reason === reason))
      expect(told.map(({ length }) => length)).toEqual([1, 1, 1])
      expect(browser.leftovers).toEqual([])
    }
  },
)

test('what was refused is asked for anew where somebody wants it anew, and one tab asks for all who do', async () => {
  const { browser, server, tabs, heard, publish } = await listening(3)
  server.refusal = { kind: 'status', status: 403, retryAfter: undefined }
  server.drop()
  await browser.pass(1_000)
  server.refusal = undefined
  await browser.pass(60_000)
  expect(server.asked).toBe(2)
  for (const [index, tab] of tabs.entries()) heard[index] = listen(tab)
  await browser.pass(1_000)
  await publish()
  expect(server.asked).toBe(3)
  expect(heard).toEqual(tabs.map(() => ['1']))
})

test('a tab that leads and is refused waits no longer than a moment for one that hears nothing', async () => {
  const { browser, server, others } = await listening(3)
  others[0].freeze()
  server.refusal = { kind: 'status', status: 403, retryAfter: undefined }
  server.drop()
  await browser.pass(2_200)
  const { held = [] } = browser.locks.query()
  expect(new Set(held.map(({ clientId }) => clientId))).toEqual(new Set([others[0].name]))
  others[0].thaw()
  await browser.pass(1_000)
  expect(snapshotOf(others[0])?.reason).toBe('refused')
  expect(browser.leftovers).toEqual([])
})

test('reconnect() in any tab makes the one connection anew', async () => {
  const { browser, server, others, heard, publish } = await listening(3)
  await publish()
  others[0].pool.stream(url).reconnect()
  await browser.pass(0)
  expect(server.asked).toBe(2)
  expect(server.connections.size).toBe(1)
  await publish()
  expect(heard).toEqual(heard.map(() => ['1', '2']))
})

test('somebody new in any tab hastens a retry', async () => {
  const { browser, server, others } = await listening(2, {
    pool: { retry: { initialDelay: 10, factor: 1_000, maxDelay: 30_000, jitter: 0 } },
  })
  server.refusal = { kind: 'network', cause: undefined }
  server.drop()
  await browser.pass(50)
  server.refusal = undefined
  listen(others[0])
  await browser.pass(50)
  expect(server.connections.size).toBe(1)
})

test('tabs of different sessions share nothing; one that logs in moves over before it hears anything more', async () => {
  const browser = new FakeBrowser()
  const [ada, bob] = [browser.open({ scope: 'ada' }), browser.open({ scope: 'bob' })]
  const heard = [listen(ada), listen(bob)]
  await browser.pass(100)
  expect(browser.server.connections.size).toBe(2)
  expect([ada, bob].map(rolesOf)).toEqual([['leads free'], ['leads free']])
  bob.sharing.setScope('ada')
  await browser.pass(0)
  expect(browser.server.connections.size).toBe(1)
  browser.server.publish('message')
  await browser.pass(0)
  expect(heard).toEqual([['1'], ['1']])
})

test('who logs in as somebody else hears nothing more of what had arrived for the one before; what is for everybody goes on', async () => {
  for (const key of [undefined, 'everybody']) {
    const browser = new FakeBrowser()
    const { server } = browser
    for (let count = 0; count < 3; count += 1) server.publish('message')
    const tab = browser.open()
    const heard: string[] = []
    const stream = tab.pool.stream(url, { initialLastEventId: '0', key })
    stream.on('message', ({ data }) => {
      heard.push(data)
      tab.sharing.setScope('bob')
    })
    /* oxlint-disable no-await-in-loop -- one after the other */
    await browser.pass(100)
    server.publish('message')
    await browser.pass(100)
    /* oxlint-enable no-await-in-loop */
    expect(heard).toEqual(key === undefined ? ['1', '4'] : ['1', '2', '3', '4'])
  }
})

test('what was refused to one user is asked for anew as the next', async () => {
  for (const scope of ['ada', undefined]) {
    const browser = new FakeBrowser()
    const { server } = browser
    const tabs = [browser.open({ scope }), browser.open({ scope })]
    server.refusal = { kind: 'status', status: 401, retryAfter: undefined }
    const heard = tabs.map((tab) => listen(tab, 'message', { credentials: 'include' }))
    /* oxlint-disable no-await-in-loop -- one after the other */
    await browser.pass(2_000)
    expect(tabs.map((tab) => snapshotOf(tab)?.reason)).toEqual(['refused', 'refused'])
    server.refusal = undefined
    for (const tab of tabs) tab.sharing.setScope('bob')
    await browser.pass(100)
    server.publish('message')
    await browser.pass(0)
    /* oxlint-enable no-await-in-loop */
    expect(heard).toEqual([['1'], ['1']])
    expect(server.connections.size).toBe(1)
    for (const tab of tabs) tab.pool.close()
    for (const tab of tabs) tab.sharing.setScope('eve')
    expect(server.asked).toBeLessThanOrEqual(3)
  }
})

test('what may be personal is not shared where nobody says whose session it is', async () => {
  const { server, tabs } = await listening(2, { scope: undefined }, { credentials: 'include' })
  expect(server.connections.size).toBe(2)
  expect(tabs.map(rolesOf)).toEqual([['alone no-scope'], ['alone no-scope']])
})

test('a stream that its reader ends is not shared: another may read on', async () => {
  const browser = new FakeBrowser()
  const tab = browser.open()
  const heard = [
    listen(tab, 'message', { doneWhen: ({ data }) => data === '1' }),
    listen(tab),
    listen(browser.open()),
  ]
  await browser.pass(100)
  expect(browser.server.connections.size).toBe(2)
  for (let count = 0; count < 2; count += 1) browser.server.publish('message')
  await browser.pass(0)
  expect(heard).toEqual([['1'], ['1', '2'], ['1', '2']])
})

test('what is asked for once is not shared', async () => {
  const { server, tabs } = await listening(2, {}, { onEnd: 'complete' })
  expect(server.connections.size).toBe(2)
  expect(tabs.flatMap(rolesOf)).toEqual([])
})

test('without locks, or without channels, each tab connects for itself, and the trace says why', async () => {
  const throwing = function Throwing() {
    throw new DOMException('No.', 'SecurityError')
  } as never
  const refusing = {
    request: async () => Promise.reject(new DOMException('No.', 'SecurityError')),
  } as never
  for (const [sharing, because] of [
    [{ locks: refusing }, 'no-locks'],
    [{ BroadcastChannel: throwing }, 'no-channel'],
  ] as const) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const { server, tabs, heard, publish } = await listening(2, { sharing })
    expect(server.connections.size).toBe(2)
    // oxlint-disable-next-line no-await-in-loop
    await publish()
    expect(heard).toEqual([['1'], ['1']])
    expect(tabs.map((tab) => rolesOf(tab).at(-1))).toEqual([`alone ${because}`, `alone ${because}`])
  }
})

test('where what a tab says does not arrive, each has its own connection in the end', async () => {
  class Deaf extends EventTarget {
    postMessage(): void {}
    close(): void {}
  }
  const { browser, server, tabs } = await listening(2, {
    sharing: { BroadcastChannel: Deaf },
  })
  await browser.pass(20_000)
  expect(tabs.map((tab) => snapshotOf(tab)?.tab)).toContain('alone')
  expect(tabs.map((tab) => snapshotOf(tab)?.status)).toEqual(['open', 'open'])
  expect(server.connections.size).toBe(2)
})

test('a tab is told only of event types that are read there', async () => {
  const browser = new FakeBrowser()
  const [one, two] = [browser.open(), browser.open()]
  listen(one, 'tick')
  await browser.pass(100)
  const notes = listen(two, 'note')
  await browser.pass(100)
  browser.server.publish('note')
  await browser.pass(0)
  const { posted } = browser.channels
  const before = posted.length
  browser.server.publish('tick')
  await browser.pass(0)
  expect(posted.length).toBe(before)
  browser.server.publish('note')
  await browser.pass(0)
  expect(posted.length).toBe(before + 1)
  expect(notes).toEqual(['1', '3'])
  // What is read from now on is told from now on, and the latest with it.
  const latest = two.pool.stream(url).latest('tick')
  latest.subscribe(() => {})
  await browser.pass(0)
  expect(latest.value?.data).toBe('2')
})

test('no more than a thousand messages wait for a tab that is suspended; when it goes on, it has missed nothing', async () => {
  const { browser, others, heard, tabs, publish, server } = await listening(3)
  await publish()
  others[0].freeze()
  browser.channels.posted.length = 0
  for (let count = 0; count < 1_500; count += 1) server.publish('message')
  await browser.pass(0)
  const counts = new Map<string, number>()
  for (const { name } of browser.channels.posted) counts.set(name, (counts.get(name) ?? 0) + 1)
  const [fewer = 0, more] = [...counts.values()].toSorted((one, other) => one - other).slice(-2)
  expect(fewer).toBeLessThanOrEqual(1_024)
  expect(more).toBeGreaterThanOrEqual(1_500)
  others[0].thaw()
  await browser.pass(2_000)
  await publish()
  const all = Array.from({ length: 1_502 }, (_, index) => String(index + 1))
  expect(heard).toEqual(tabs.map(() => all))
  expect(server.connections.size).toBe(1)
})

test('a transport that hears only types it is told of is told of those that other tabs read', async () => {
  const browser = new FakeBrowser()
  const tabs = ['tick', 'note'].map((type) => {
    const tab = browser.open({ hearsEveryType: false })
    return listen(tab, type)
  })
  await browser.pass(100)
  const [connection] = [...browser.server.connections]
  expect([...(connection?.types ?? [])]).toEqual(expect.arrayContaining(['tick', 'note']))
  browser.server.publish('note')
  browser.server.publish('tick')
  await browser.pass(0)
  expect(tabs).toEqual([['2'], ['1']])
})

test('one request asks for the channels of all tabs, and each tab hears its own', async () => {
  const browser = new FakeBrowser()
  const channels = multiplex({ param: 'channel', channelOf: ({ data }) => data.split(' ')[0] })
  const [one, two] = [browser.open(), browser.open()]
  const heard = [one, two].map((tab, index) => {
    const all: string[] = []
    const stream = tab.pool.stream(url, { channels, initialLastEventId: '0' })
    stream.channel(index === 0 ? 'pets' : 'cars').on('message', ({ data }) => all.push(data))
    stream.on('message', ({ data }) => all.push(data.toUpperCase()))
    return all
  })
  await browser.pass(2_000)
  const { connections } = browser.server
  expect([...connections].map(({ request }) => new URL(request.url).search)).toEqual([
    expect.stringContaining('channel=cars&channel=pets'),
  ])
  const [connection] = [...connections]
  connection?.send([{ id: '1', type: 'message', data: 'pets 1' }])
  connection?.send([{ id: '2', type: 'message', data: 'cars 1' }])
  await browser.pass(0)
  expect(heard.map((all) => all.toSorted())).toEqual([
    ['PETS 1', 'pets 1'],
    ['CARS 1', 'cars 1'],
  ])
})

test('who reads a whole stream hears all that its own URL asks for, whatever other tabs read of it', async () => {
  for (const [asked, own] of [
    ['pets', ['1', '2', '3']],
    ['pets/dogs', ['2']],
    ['/', ['1', '2', '3']],
  ] as const) {
    const browser = new FakeBrowser()
    const heard = ['', 'pets'].map((name) => {
      const all: string[] = []
      const options = { channels: multiplex(), initialLastEventId: '0' }
      const whole = browser.open().pool.stream(`${url}?channel=${asked}`, options)
      const stream = name === '' ? whole : whole.channel(name)
      stream.on('message', ({ data }) => all.push(data))
      return all
    })
    /* oxlint-disable no-await-in-loop -- one after the other */
    await browser.pass(2_000)
    for (const channel of ['pets', 'pets/dogs', 'pets/cats']) {
      browser.server.publish('message', undefined, channel)
    }
    await browser.pass(0)
    /* oxlint-enable no-await-in-loop */
    expect(heard).toEqual([own, ['1', '2', '3']])
    expect(browser.server.connections.size).toBe(1)
  }
})

test('what a new reader reads is asked for from the cursor on where tabs share it: another may have read it for long', async () => {
  const channels = multiplex({ param: 'channel' })
  for (const scope of ['ada', undefined]) {
    const browser = new FakeBrowser()
    const tabs = [browser.open({ scope }), browser.open({ scope })] as const
    const options = { channels, ...(scope === undefined && { credentials: 'include' as const }) }
    const read = (tab: FakeTab, name: string) =>
      tab.pool
        .stream(url, options)
        .channel(name)
        .on('message', () => {})
    read(tabs[0], 'dogs')
    /* oxlint-disable no-await-in-loop -- one after the other */
    await browser.pass(100)
    browser.server.publish('message', undefined, 'dogs')
    await browser.pass(0)
    read(scope === undefined ? tabs[0] : tabs[1], 'cats')
    await browser.pass(100)
    /* oxlint-enable no-await-in-loop */
    const asked = [...browser.server.connections].map(({ request }) => request)
    expect(asked.map(({ lastEventId }) => lastEventId)).toEqual(['1'])
    const added = new URL(asked[0]?.url ?? '').searchParams.getAll('added')
    expect(added).toEqual(scope === undefined ? ['cats'] : [])
  }
})

/** A tab that leads, and reads this of a stream of channels, and one that begins to follow, and reads `dogs`. */
async function followed(reads: (whole: AnyStream) => readonly AnyStream[], seed?: number) {
  const channels = multiplex({ param: 'channel' })
  const browser = new FakeBrowser(seed)
  const [one, two] = [browser.open(), browser.open()]
  for (const read of reads(one.pool.stream(url, { channels }))) read.on('message', () => {})
  await browser.pass(100)
  const stream = two.pool.stream(url, { channels })
  /** What the one that follows hears of a channel from now on. */
  const hear = (name: string): readonly string[] => {
    const heard: string[] = []
    stream.channel(name).on('message', ({ data }) => heard.push(data))
    return heard
  }
  hear('dogs')
  return { browser, server: browser.server, stream, hear }
}

test('a reader in a tab that follows hears a channel from where the tab that leads knows of it, and what was last at once', async () => {
  const { browser, server, stream, hear } = await followed((whole) => [whole.channel('cats')])
  await browser.pass(1_000)
  for (let count = 0; count < 3; count += 1) server.publish('message', undefined, 'cats')
  await browser.pass(0)
  const heard = hear('cats')
  const latest = stream.channel('cats').latest('message')
  latest.subscribe(() => {})
  await browser.pass(0)
  expect(latest.value?.data).toBe('3')
  server.publish('message', undefined, 'cats')
  await browser.pass(0)
  expect(heard).toEqual(['4'])
  expect(server.connections.size).toBe(1)
})

test('a tab that follows hears a busy channel from the tab that leads as soon as that has caught up, though all others are silent', async () => {
  const { browser, server, hear } = await followed((whole) => [whole, whole.channel('dogs')], 5)
  server.publish('message', undefined, 'dogs')
  await browser.pass(1_000)
  const { asked } = server
  const heard = hear('cats')
  // The old connection brings these before the new one is open, which then brings them again.
  // oxlint-disable-next-line no-await-in-loop -- one thing happens after the other
  while (server.asked === asked) await browser.step()
  for (let count = 0; count < 2; count += 1) server.publish('message', undefined, 'dogs')
  await browser.run()
  server.publish('message', undefined, 'cats')
  await browser.pass(0)
  expect(heard).toEqual(['4'])
  await browser.pass(2_000)
  expect(server.connections.size).toBe(1)
})

test('what an event is of is told by the request that it came by, whichever is in use when a tab hears of it', async () => {
  const channels = multiplex({ param: 'channel' })
  const browser = new FakeBrowser()
  const { server } = browser
  const dogs = browser
    .open()
    .pool.stream(url, { channels, initialLastEventId: '0' })
    .channel('dogs')
  dogs.on('message', () => {})
  await browser.pass(100)
  server.publish('message', undefined, 'dogs')
  await browser.pass(0)
  browser
    .open()
    .pool.stream(url, { channels })
    .channel('cats')
    .on('message', () => {})
  await browser.pass(100)
  const late = browser.open().pool.stream(url, { channels, initialLastEventId: '0' })
  const heard: unknown[] = []
  late.channel('dogs').on('message', ({ data, channel }) => heard.push([data, channel]))
  late.channel('cats').on('message', ({ data }) => heard.push(data))
  await browser.pass(1_000)
  expect(heard).toEqual([['1', 'dogs']])
})

test('channels of other tabs that one request has no room for keep no tab from its own', async () => {
  const channels = multiplex({ param: 'channel' })
  const browser = new FakeBrowser()
  const { server } = browser
  const [one, two] = [browser.open(), browser.open()]
  const heard: string[] = []
  const read = (tab: FakeTab, name: string) =>
    tab.pool
      .stream(url, { channels })
      .channel(name)
      .on('message', ({ data }) => heard.push(data))
  const long = (name: string | number) => String(name).padEnd(250, '-')
  read(one, 'dogs')
  await browser.pass(100)
  for (let count = 0; count < 30; count += 1) read(two, long(count))
  await browser.pass(2_000)
  for (const name of ['cats', 'cars']) read(one, long(name))
  await browser.pass(2_000)
  for (const name of ['dogs', ...['cats', 'cars', 7].map(long)]) {
    server.publish('message', undefined, name)
  }
  await browser.pass(1_000)
  expect(heard.toSorted()).toEqual(['1', '2', '3', '4'])
  expect([...server.connections].every(({ request }) => request.url.length <= 8_000)).toBe(true)
})

test('a channel that nobody reads any more, in no tab, is asked for no more', async () => {
  const channels = multiplex({ param: 'channel' })
  const browser = new FakeBrowser()
  const [one, two] = [browser.open(), browser.open()]
  one.pool
    .stream(url, { channels })
    .channel('dogs')
    .on('message', () => {})
  await browser.pass(100)
  const stream = two.pool.stream(url, { channels })
  const stops = ['cats', 'cars'].map((name) => stream.channel(name).on('message', () => {}))
  await browser.pass(1_000)
  const asked = () =>
    [...browser.server.connections].map(({ request }) =>
      new URL(request.url).searchParams.getAll('channel'),
    )
  expect(asked()).toEqual([['cars', 'cats', 'dogs']])
  stops[0]?.()
  await browser.pass(2_000)
  expect(asked()).toEqual([['cars', 'dogs']])
})

test('a channel that was refused is asked for again once somebody new reads it, in whichever tab', async () => {
  const channels = multiplex({ param: 'channel' })
  const browser = new FakeBrowser()
  const { server } = browser
  const [one, two] = [browser.open(), browser.open()]
  listen(one, 'message', { channels })
  const dogs = two.pool.stream(url, { channels }).channel('dogs')
  dogs.on('message', () => {})
  await browser.pass(1_000)
  server.refusal = { kind: 'status', status: 403, retryAfter: undefined }
  const cats = two.pool.stream(url, { channels }).channel('cats')
  cats.on('message', () => {})
  await browser.pass(5_000)
  server.refusal = undefined
  const heard: string[] = []
  cats.on('message', ({ data }) => heard.push(data))
  await browser.pass(5_000)
  server.publish('message', undefined, 'cats')
  await browser.pass(0)
  expect(heard).toEqual(['1'])
  expect(server.connections.size).toBe(1)
  expect(snapshotOf(two)?.tab).toBe('follows')
})

test('where the clock is set back, a tab that hangs while it leads is replaced as soon, and what waits waits no longer', async () => {
  const { browser, server, leader, others } = await listening(3)
  browser.clockSet = -3_600_000
  leader?.freeze()
  await browser.pass(1_500)
  expect(others.map((tab) => snapshotOf(tab)?.tab)).toContain('leads')
  server.refusal = { kind: 'network', cause: undefined }
  server.drop()
  await browser.pass(100)
  server.refusal = undefined
  browser.clockSet *= 2
  for (const tab of others) listen(tab)
  await browser.pass(5_000)
  expect(server.connections.size).toBe(1)
})

test('an event that a tab holds back, because another may tell it, it tells within half a second', async () => {
  for (const hangs of [false, true]) {
    const browser = new FakeBrowser()
    const { server } = browser
    for (let count = 0; count < 3; count += 1) server.publish('message')
    const leader = browser.open()
    listen(leader)
    /* oxlint-disable no-await-in-loop -- one after the other */
    await browser.pass(100)
    const late = browser.open()
    const heard: string[] = []
    const stream = late.pool.stream(url, { initialLastEventId: '1' })
    stream.on('message', ({ data }) => heard.push(data))
    await browser.pass(600)
    expect(heard).toEqual(['2', '3'])
    if (hangs) leader.freeze()
    server.publish('message')
    await browser.pass(0)
    expect(heard).toEqual(['2', '3'])
    await browser.pass(500)
    /* oxlint-enable no-await-in-loop */
    expect(heard).toEqual(['2', '3', '4'])
  }
})

test('a tab that is offline leaves the connection to one that is not, and has its events from there when it is back', async () => {
  const page = new EventTarget()
  const network = { onLine: true }
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page))
  vi.stubGlobal('navigator', network)
  const browser = new FakeBrowser()
  const one = browser.open()
  const heard = [listen(one)]
  await browser.pass(100)
  // What happens to that page is nothing to others.
  vi.unstubAllGlobals()
  const other = browser.open()
  heard.push(listen(other))
  await browser.pass(100)
  const turn = async (onLine: boolean) => {
    network.onLine = onLine
    page.dispatchEvent(new Event(onLine ? 'online' : 'offline'))
    await browser.pass(1_000)
    browser.server.publish('message')
    await browser.pass(0)
  }
  browser.server.publish('message')
  await browser.pass(0)
  await turn(false)
  expect(snapshotOf(one)).toMatchObject({ status: 'waiting', holds: ['offline'], tab: undefined })
  expect(snapshotOf(other)).toMatchObject({ status: 'open', tab: 'leads' })
  expect(heard).toEqual([['1'], ['1', '2']])
  await turn(true)
  expect(snapshotOf(one)).toMatchObject({ status: 'open', tab: 'follows' })
  expect(heard).toEqual([
    ['1', '2', '3'],
    ['1', '2', '3'],
  ])
  expect(browser.server.connections.size).toBe(1)
})

test('a tab that was suspended for minutes hears all that it missed when it goes on, and follows', async () => {
  for (const leads of [false, true]) {
    /* oxlint-disable no-await-in-loop -- one after the other */
    const { browser, server, leader, others, heard, publish, tabs } = await listening(3)
    const suspended = leads ? leader : others[0]
    await publish()
    suspended?.freeze()
    for (let minute = 0; minute < 5; minute += 1) {
      await browser.pass(60_000)
      await publish()
    }
    suspended?.thaw()
    await browser.pass(1_000)
    await publish()
    /* oxlint-enable no-await-in-loop */
    expect(heard).toEqual(tabs.map(() => ['1', '2', '3', '4', '5', '6', '7']))
    expect(suspended && snapshotOf(suspended)?.tab).toBe('follows')
    expect(server.connections.size).toBe(1)
  }
})

test('a scope is the name of a session', () => {
  expect(() => shareTabs({ scope: '' })).toThrow('Cannot share tabs')
  const tabs = shareTabs({ scope: 'ada' })
  expect(() => tabs.setScope(7 as never)).toThrow('Cannot share tabs')
  createPool({ tabs }).close()
})
