import { expect, test } from 'vitest'
import { fakeRedis } from '../../test/fake-redis.ts'
import { manualClock } from '../../test/manual-clock.ts'
import { Link } from './link.ts'
import { Writer } from './writer.ts'

interface Attempt {
  readonly since: string
  readonly batch: string
  readonly mark: string
  readonly data: string[]
  readonly answer: (reply: unknown) => void
  readonly refuse: (message: string) => void
}

async function setUp(whenAway: 'reject' | 'queue' = 'reject') {
  const attempts: Attempt[] = []
  const answer = ([
    ,
    ,
    ,
    ,
    since = '',
    batch = '',
    mark = '',
    ,
    ,
    ...messages
  ]: readonly string[]) =>
    new Promise((resolve, reject) => {
      const data = messages.map(
        (text) => (JSON.parse(text) as { event: { data: string } }).event.data,
      )
      const refuse = (message: string): void => reject(new Error(message))
      attempts.push({
        since,
        batch,
        mark,
        data,
        answer: resolve,
        refuse,
      })
    })
  const { client } = fakeRedis({ answer })
  const link = async (): Promise<Link> => {
    const one = new Link({ client, clock: manualClock(), timeout: 1000 })
    await one.open()
    return one
  }
  const options = { key: 'k', ids: 'auto', count: 10, maxQueue: 5, seen: () => '5-3' } as const
  const writer = new Writer({ ...options, whenAway })
  const publish = (data: string) => writer.publish({ channels: ['a'], event: { data } })
  const appended = ({ mark, data }: Attempt, first: number): unknown => [
    'appended',
    mark,
    String(first),
    `9-${first + data.length - 1}`,
  ]
  return { writer, link, publish, attempts, appended }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('what is published in a turn is one batch, and what comes meanwhile the next', async () => {
  const { writer, link, publish, attempts, appended } = await setUp()
  writer.open(await link())
  const first = [publish('1'), publish('2')]
  await turn()
  const second = [publish('3'), publish('4')]
  await turn()
  expect(attempts.map(({ data }) => data)).toEqual([['1', '2']])
  attempts[0]?.answer(appended(attempts[0], 4))
  expect(await Promise.all(first)).toEqual([4, 5].map((n) => ({ id: `${attempts[0]?.mark}-${n}` })))
  await turn()
  expect(attempts.map(({ data, since }) => [since, data])).toEqual([
    ['5-3', ['1', '2']],
    ['9-5', ['3', '4']],
  ])
  attempts[1]?.answer(appended(attempts[1], 6))
  await Promise.all(second)
  expect(new Set(attempts.flatMap(({ mark, batch }) => [mark, batch])).size).toBe(4)
})

test('a batch is bounded in number and in size', async () => {
  const { writer, link, publish, attempts, appended } = await setUp()
  writer.open(await link())
  void Promise.all(Array.from({ length: 501 }, (_, n) => publish(String(n))))
  const large = 'x'.repeat(700_000)
  void Promise.all([publish(large), publish(large), publish(large)])
  for (const length of [500, 3, 1]) {
    await turn()
    expect(attempts.at(-1)?.data.length).toBe(length)
    attempts.at(-1)?.answer(appended(attempts.at(-1) as Attempt, attempts.length))
  }
})

test('a batch that cannot be looked for starts afresh, unless it may have arrived', async () => {
  const { writer, link, publish, attempts, appended } = await setUp('queue')
  writer.open(await link())
  const published = publish('1')
  await turn()
  attempts[0]?.answer(['unknown', 'x', '0', '8-40'])
  await turn()
  expect(attempts[1]).toMatchObject({ since: '8-40', data: ['1'] })
  expect(attempts[1]?.batch).not.toBe(attempts[0]?.batch)
  attempts[1]?.answer(appended(attempts[1], 41))
  expect(await published).toEqual({ id: `${attempts[1]?.mark}-41` })
})

test('a batch is sent again as the same one, under another mark, and counts where it was found', async () => {
  const { writer, link, publish, attempts } = await setUp('queue')
  const broken = await link()
  writer.open(broken)
  const published = [publish('1'), publish('2')]
  await turn()
  broken.break(new Error('reset'))
  writer.shut(new Error('reset'))
  await turn()
  expect(writer.waiting).toBe(2)
  writer.open(await link())
  await turn()
  const [first, second] = attempts as [Attempt, Attempt]
  expect(second).toMatchObject({ batch: first.batch, since: first.since, data: ['1', '2'] })
  expect(second.mark).not.toBe(first.mark)
  second.answer(['appended', first.mark, '4', '9-30'])
  expect(await Promise.all(published)).toEqual([4, 5].map((n) => ({ id: `${first.mark}-${n}` })))
})

test('what Redis refuses for now waits in the queue; what it refuses for good goes to the publisher', async () => {
  const { writer, link, publish, attempts, appended } = await setUp('queue')
  writer.open(await link())
  const published = publish('1')
  await turn()
  attempts[0]?.refuse("READONLY You can't write against a read only replica.")
  await turn()
  writer.open(await link())
  await turn()
  attempts[1]?.refuse('LOADING Redis is loading the dataset in memory')
  await turn()
  writer.open(await link())
  await turn()
  attempts[2]?.answer(appended(attempts[2], 4))
  await published
  const refused = publish('2')
  await turn()
  attempts[3]?.refuse('OOM command not allowed')
  await expect(refused).rejects.toThrow(/^OOM/)
})

test('what Redis refuses after an answer was lost may have been published', async () => {
  const { writer, link, publish, attempts } = await setUp('queue')
  const broken = await link()
  writer.open(broken)
  const published = publish('1')
  await turn()
  broken.break(new Error('reset'))
  writer.shut(new Error('reset'))
  writer.open(await link())
  await turn()
  attempts[1]?.refuse('OOM command not allowed')
  await expect(published).rejects.toMatchObject({ code: 'publish-unconfirmed' })
})

test('a master that has become a replica has not published', async () => {
  const { writer, link, publish, attempts } = await setUp('reject')
  writer.open(await link())
  const published = publish('1')
  await turn()
  attempts[0]?.refuse("READONLY You can't write against a read only replica.")
  await expect(published).rejects.toMatchObject({ code: 'provider-away' })
})
