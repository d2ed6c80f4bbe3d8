import { finiteReplay, localProvider } from '@millrace/server'
import type { LogEntry, Replay } from '@millrace/server'
import { expect, test } from 'vitest'
import { fakeEventServer } from './index.ts'
import { cursorOf, fake, listen, resume } from './listener.test.support.ts'

test('the clients of before a reset are told that there is no more, new ones are let in', async () => {
  const events = fake()
  const [heard, silent] = [listen(events), listen(events)]
  await events.connected({ count: 2 })
  await events.clients[0]?.send({ data: 'a', id: 'of-mine' })
  const response = await events.fetch('/events')
  await events.reset()
  const farewell = await response.text()
  expect([heard.ended, silent.ended]).toEqual([true, true])
  const id = /^id: (.+)$/m.exec(farewell)?.[1] ?? ''
  expect(farewell).toMatch(/\nid: .+\n\n$/)
  const [again, fresh] = [resume(events, id), listen(events)]
  const [client] = await events.connected()
  expect([again.status, fresh.status]).toEqual([204, 200])
  expect(client?.number).toBe(2)
})

test('a client that was between two attempts at a reset is told so by the ids it has got', async () => {
  const events = fake()
  listen(events)
  await events.send({ data: 'a' })
  await events.drop()
  await events.reset()
  const again = resume(events, 'fake-1')
  await expect(events.connected()).rejects.toThrow('client 1 got 204')
  expect(again.status).toBe(204)
})

test('who comes back from before a reset uses up nothing that was told since', async () => {
  const events = fake()
  await events.reset()
  events.refuse({ status: 503 }, { times: 1 })
  const [late, fresh] = [resume(events, 'fake-1'), listen(events)]
  await events.flush()
  expect([late.status, fresh.status]).toEqual([204, 503])
})

test('where a stream starts tells the clients of before a reset from new ones', async () => {
  const events = fake({ replay: finiteReplay({ count: 10 }) })
  const before = listen(events)
  await events.connected()
  await events.drop()
  await events.reset()
  const after = listen(events)
  await events.connected()
  const returning = [before, after].map((client) => resume(events, cursorOf(client)))
  await events.connected({ count: 2 })
  expect(returning.map(({ status }) => status)).toEqual([204, 200])
})

for (const half of ['data: half', 'data: half\n', 'data: half\r\n', 'data: half\r']) {
  test(`half an event is not finished by a reset: ${JSON.stringify(half)}`, async () => {
    const events = fake()
    const listener = listen(events)
    await events.sendRaw(half)
    await events.reset()
    expect(listener.text).toBe(`\n${half}`)
  })
}

for (const end of ['\n\n', '\r\n\r\n', '\r\r', '\n\r\n', '\r\n\n']) {
  test(`a whole event is followed by the farewell of a reset: ${JSON.stringify(end)}`, async () => {
    const events = fake()
    const listener = listen(events)
    await events.sendRaw(`data: whole${end}`)
    await events.reset()
    expect(listener.text).toBe(`\ndata: whole${end}id: fake-reset\n\n`)
  })
}

test('reset forgets refusals and the log', async () => {
  const events = fake()
  events.refuse({ status: 500 })
  await events.reset()
  expect(events.log).toEqual([])
  const listener = listen(events)
  await events.connected()
  expect(listener.status).toBe(200)
})

test('a reset resets, whatever keeps things from coming to rest', async () => {
  const events = fake()
  events.refuse({ status: 503 })
  let isOver = false
  const run = async (): Promise<void> => {
    while (!isOver) {
      // oxlint-disable-next-line no-await-in-loop -- as a network does
      await new Promise((resolve) => void setImmediate(resolve))
      // oxlint-disable-next-line no-await-in-loop -- a client that never rests
      isOver = (await events.fetch('/events')).status === 200
    }
  }
  void run()
  await expect(events.reset()).rejects.toMatchObject({ code: 'still-busy' })
  await events.connected()
  expect(events.log.map(({ kind }) => kind)).toEqual(['requested', 'opened'])
})

test('a reset resets where what surrounds a delivery fails', async () => {
  const failing = { now: false }
  const events = fakeEventServer('/events', {
    wrap: async (deliver) => {
      await deliver()
      if (failing.now) throw new Error('of a component')
    },
  })
  events.refuse({ status: 500 })
  failing.now = true
  await expect(events.reset()).rejects.toThrow('of a component')
  failing.now = false
  const listener = listen(events)
  await events.connected()
  expect(listener.status).toBe(200)
  await events.reset()
})

test('a request that authorize still thinks about at a reset is told that there is no more', async () => {
  const { promise, resolve } = Promise.withResolvers<object>()
  const verdicts = [promise, {}]
  const events = fake({ authorize: () => verdicts.shift() ?? {} })
  const late = listen(events)
  await events.reset()
  const fresh = listen(events)
  const [client] = await events.connected()
  resolve({})
  await events.send({ data: 'a' })
  expect(client?.number).toBe(1)
  expect([late.status, fresh.status]).toEqual([204, 200])
  expect(events.log.map(({ kind }) => kind)).toEqual(['requested', 'opened', 'sent'])
})

test('ids say how many resets came before them', async () => {
  const events = fake()
  const cursors: string[] = []
  for (let round = 0; round < 3; round += 1) {
    const listener = listen(events)
    // oxlint-disable-next-line no-await-in-loop -- a test after the other
    await events.send({ data: 'a' })
    cursors.push(cursorOf(listener))
    // oxlint-disable-next-line no-await-in-loop -- a test after the other
    await events.reset()
  }
  expect(cursors).toEqual(['fake-1', 'fake2-1', 'fake3-1'])
})

/** Keeps everything, for ever. */
function endlessReplay(): Replay {
  const entries: LogEntry[] = []
  return {
    put: (entry) => void entries.push(entry),
    after: ({ after }) => {
      if (after === undefined) return Promise.resolve([...entries])
      const at = entries.findLastIndex(({ position, event }) =>
        [position, event.id].includes(after),
      )
      return Promise.resolve(at === -1 ? undefined : entries.slice(at + 1))
    },
  }
}

for (const [name, store] of [
  ['of the engine', () => finiteReplay({ count: 10 })],
  ['of the test', endlessReplay],
] as const) {
  for (const [order, options] of [
    ['the order of the fake', {}],
    ['an epoch of its own', { epoch: 'mine' }],
  ] as const) {
    test(`a replay ${name} with ${order} shows nothing of before a reset`, async () => {
      const events = fake({ replay: store(), onUnknownId: 'all', ...options })
      for (const data of ['a', 'b']) await events.send({ data, id: data })
      await events.reset()
      const early = [resume(events, 'a'), resume(events, 'unheard')]
      await events.send({ data: 'c', id: 'c' })
      await events.send({ data: 'd', id: 'd' })
      const late = [resume(events, 'a'), resume(events, 'unheard'), resume(events, 'c')]
      await events.connected({ count: 5 })
      expect(early.map(({ data }) => data)).toEqual([
        ['c', 'd'],
        ['c', 'd'],
      ])
      expect(late.map(({ data }) => data)).toEqual([['c', 'd'], ['c', 'd'], ['d']])
    })
  }
}

test('an order of the test goes on through a reset, and its ids are not retired', async () => {
  for (const options of [
    { epoch: 'fake' },
    { provider: localProvider({ now: () => 0, epoch: 'fake' }) },
  ]) {
    const events = fake(options)
    listen(events)
    await events.send({ data: 'a' })
    await events.reset()
    const listener = resume(events, 'fake-1')
    await events.send({ data: 'b' })
    expect([listener.status, cursorOf(listener)]).toEqual([200, 'fake-2'])
  }
})
