import { afterEach, expect, test, vi } from 'vitest'
import { fake } from '../listener.test.support.ts'
import { runCommand } from './command.ts'

const url = 'http://localhost/events'

afterEach(() => void vi.unstubAllGlobals())

/** Runs `millrace-record`. */
function run(...args: string[]) {
  const stop = new AbortController()
  const texts = { said: '', complained: '' }
  const exit = runCommand(args, {
    write: (text) => void (texts.said += text),
    complain: (text) => void (texts.complained += text),
    stop: stop.signal,
  })
  return { texts, exit, stop }
}

test('a stream is written as it comes, asked for with these headers, until it is stopped', async () => {
  const events = fake()
  vi.stubGlobal('fetch', events.fetch)
  const { texts, exit, stop } = run(url, '-H', 'Authorization: Bearer me', '--header', 'X-Own:a: b')
  const [client] = await events.connected()
  expect(['authorization', 'x-own'].map((name) => client?.headers.get(name))).toEqual([
    'Bearer me',
    'a: b',
  ])
  await events.send({ event: 'tick', data: { price: 42 }, id: '7' })
  expect(texts.said).toMatch(/^: at \d+\n\n: at \d+\nid: 7\nevent: tick\ndata: \{"price":42\}\n\n$/)
  stop.abort()
  expect([await exit, texts.complained]).toEqual([0, ''])
  await events.flush()
  expect(events.clients).toEqual([])
})

test('it stops after so many events, and at the end of the stream', async () => {
  const events = fake()
  vi.stubGlobal('fetch', events.fetch)
  const counted = run(url, '-n', '1')
  const ended = run(url)
  await events.connected({ count: 2 })
  await events.send({ data: 'a' })
  await events.end()
  expect([await counted.exit, await ended.exit]).toEqual([0, 0])
  expect(counted.texts.said).not.toContain(' end')
  expect(ended.texts.said).toMatch(/data: a\n\n: at \d+ end\n\n$/)
})

test('a body is posted, by another method where one is named', async () => {
  const events = fake({ methods: ['POST', 'PUT'] })
  vi.stubGlobal('fetch', events.fetch)
  const runs = [run(url, '-d', 'hello', '--ms', '60000'), run(url, '-d', 'hello', '-X', 'PUT')]
  const clients = await events.connected({ count: 2 })
  expect(clients.map(({ request }) => request.method)).toEqual(['POST', 'PUT'])
  expect(await clients[0]?.request.text()).toBe('hello')
  await events.end()
  expect(await Promise.all(runs.map(({ exit }) => exit))).toEqual([0, 0])
})

test('what is stopped before it is answered ends well', async () => {
  const events = fake()
  events.withhold()
  vi.stubGlobal('fetch', events.fetch)
  const { texts, exit, stop } = run(url)
  await events.flush()
  stop.abort()
  expect([await exit, texts]).toEqual([0, { said: '', complained: '' }])
})

for (const [args, words] of [
  [[url], 'Cannot record http://localhost/events: it answered 403'],
  [[], 'Cannot record: "" is not one address. Give one, http:// and all.\n'],
  [['localhost', 'x'], 'is not one address'],
  [[url, '-H', 'nothing'], 'Cannot send the header "nothing": it has no name.'],
  [[url, '-n', '0'], 'Cannot stop by --events 0: it is no whole number from 1 up.'],
  [[url, '--ms', 'soon'], 'Cannot stop by --ms soon:'],
  [[url, '--frog'], "Unknown option '--frog'"],
] as const) {
  test(`it says what is wrong with ${JSON.stringify(args)}`, async () => {
    const events = fake()
    events.refuse({ status: 403 })
    vi.stubGlobal('fetch', events.fetch)
    const { texts, exit } = run(...args)
    expect(await exit).toBe(1)
    expect([texts.said, texts.complained]).toEqual(['', expect.stringContaining(words)])
  })
}

test('it says why an address cannot be reached', async () => {
  const events = fake()
  events.unreachable()
  vi.stubGlobal('fetch', (input: string) =>
    events.fetch(input).catch((error: Error) => {
      throw Object.assign(error, { cause: new Error('connect ECONNREFUSED') })
    }),
  )
  const { texts, exit } = run(url)
  expect(await exit).toBe(1)
  expect(texts.complained).toBe(
    'Cannot record http://localhost/events: it cannot be reached (connect ECONNREFUSED).\n',
  )
})

test('it says how it is used', async () => {
  const { texts, exit } = run('--help')
  expect(await exit).toBe(0)
  expect(texts.said).toMatch(/^millrace-record URL \[options\]/)
})
