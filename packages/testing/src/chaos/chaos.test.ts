import { finiteReplay } from '@millrace/server'
import { expect, test } from 'vitest'
import { fake, listen, resume } from '../listener.test.support.ts'

const calm = { split: 0, delay: 0, drop: 0, duplicate: 0, refuse: 0, reorder: 0 }

async function chunksOf(response: Response, seen: string[]): Promise<void> {
  const decoder = new TextDecoder()
  for await (const chunk of response.body ?? []) {
    seen.push(decoder.decode(chunk, { stream: true }))
  }
}

test('where nothing goes wrong, all is as it was', async () => {
  const events = fake()
  events.chaos(calm)
  const listener = listen(events)
  await events.send({ data: 'a', id: '1' })
  await events.sendRaw('data: b\n\n')
  expect(listener.text).toBe('\nid: 1\ndata: a\n\ndata: b\n\n')
})

test('a write is split anywhere, inside characters too, and comes whole', async () => {
  const events = fake()
  const seen: string[] = []
  chunksOf(await events.fetch('/events'), seen).catch(() => {})
  await events.connected()
  events.chaos({ ...calm, seed: 1, split: 1 })
  seen.length = 0
  await events.send({ data: '€😀'.repeat(50), id: '1' })
  expect(seen.length).toBeGreaterThan(2)
  expect(seen.join('')).toBe(`id: 1\ndata: ${'€😀'.repeat(50)}\n\n`)
})

test('what is late has come when send resolves, in order', async () => {
  const events = fake()
  const listeners = [listen(events), listen(events), listen(events)]
  await events.connected({ count: 3 })
  events.chaos({ ...calm, seed: 2, split: 1, delay: 1 })
  void events.send({ data: 'a' })
  void events.send({ data: 'b' })
  await events.send({ data: 'c' })
  for (const { text } of listeners) {
    expect([...text.matchAll(/^data: (.)$/gm)].map(([, data]) => data)).toEqual(['a', 'b', 'c'])
  }
})

test('a stream breaks within a write or after it', async () => {
  const texts = new Set<string>()
  for (let seed = 1; seed <= 10; seed += 1) {
    const events = fake()
    events.chaos({ ...calm, seed })
    const listener = listen(events)
    await events.connected()
    events.chaos({ ...calm, seed, drop: 1 })
    await events.send({ data: 'whole', id: '1' })
    expect(events.clients).toEqual([])
    expect(events.log.at(-1)).toMatchObject({ kind: 'closed', reason: 'dropped' })
    texts.add(listener.text)
  }
  expect([...texts].some((text) => text.endsWith('whole\n\n'))).toBe(true)
  expect(texts.size).toBeGreaterThan(3)
})

test('who comes back is sent again what came before', async () => {
  const events = fake({ replay: finiteReplay({ count: 10 }) })
  events.chaos({ ...calm, seed: 3, duplicate: 1 })
  listen(events)
  await events.connected()
  for (const id of ['1', '2', '3']) await events.send({ data: `${id}!`, id })
  await events.drop()
  await events.send({ data: '4!', id: '4' })
  const again = resume(events, '3')
  await events.connected()
  expect(again.data).toEqual(['1!', '2!', '3!', '4!'].slice(-again.data.length))
  expect(again.data.length).toBeGreaterThan(1)
})

test('some are refused, some meet no server', async () => {
  const events = fake()
  events.chaos({ ...calm, seed: 4, refuse: 1 })
  for (let count = 0; count < 10; count += 1) listen(events)
  await events.flush()
  const kinds = new Set(events.log.map(({ kind }) => kind))
  expect(kinds).toEqual(new Set(['told', 'requested', 'refused', 'failed']))
})

test('what is told for a connection comes before chance', async () => {
  const events = fake()
  events.chaos({ ...calm, refuse: 1 })
  events.refuse({ status: 418 })
  const listener = listen(events)
  await events.flush()
  expect(listener.status).toBe(418)
})

test('answers come in another order', async () => {
  const events = fake()
  events.chaos({ ...calm, seed: 5, reorder: 0.5 })
  for (let count = 0; count < 8; count += 1) listen(events)
  await events.connected({ count: 8 })
  const order = events.log.flatMap((record) => (record.kind === 'opened' ? [record.client] : []))
  expect(order).not.toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  expect(order.toSorted((left, right) => left - right)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
})

test('it ends when it is stopped, at a reset, and where another begins', async () => {
  const events = fake()
  const first = events.chaos({ ...calm, seed: 6, drop: 1 })
  const second = events.chaos({ ...calm, seed: 7 })
  first.stop()
  const listener = listen(events)
  await events.send({ data: 'a' })
  second.stop()
  second.stop()
  await events.send({ data: 'b' })
  expect(listener.data).toEqual(['a', 'b'])
  expect(events.log.filter(({ kind }) => kind === 'told')).toMatchObject([
    { what: 'chaos', seed: 6 },
    { what: 'chaos', seed: 7 },
    { what: 'calm' },
  ])
  events.chaos({ ...calm, drop: 1 })
  await events.reset()
  const after = listen(events)
  await events.send({ data: 'c' })
  expect(after.data).toEqual(['c'])
})

test('a seed is made where none is given, and errors tell it', async () => {
  const events = fake()
  const { seed } = events.chaos()
  expect(Number.isSafeInteger(seed)).toBe(true)
  await expect(events.send({ data: 'a' })).rejects.toThrow(
    `nobody is connected to /events (no request has come, in chaos with the seed ${seed})`,
  )
})

for (const [options, words] of [
  [{ drop: 2 }, 'Cannot make chaos: drop is 2. Give a chance from 0 to 1.'],
  [{ split: Number.NaN }, 'Cannot make chaos: split is NaN. Give a chance from 0 to 1.'],
  [{ seed: 1.5 }, 'Cannot make chaos: seed is 1.5. Give a whole number.'],
  [
    { drops: 1 },
    'Cannot make chaos: drops is 1. Give one of split, delay, drop, duplicate, refuse, reorder.',
  ],
] as const) {
  test(`it is not made of ${JSON.stringify(options)}`, () => {
    const events = fake()
    expect(() => events.chaos(options as object)).toThrow(words)
    expect(events.log).toEqual([])
  })
}
