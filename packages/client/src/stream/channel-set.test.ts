import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createPool } from '../pool.ts'
import { multiplex, pathChannel, queryChannel } from './channel.ts'
import { open as openStream, settled, url } from './scripted-stream.test.support.ts'

beforeEach(() => {
  vi.useFakeTimers()
  vi.spyOn(Math, 'random').mockReturnValue(0)
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

function open() {
  const { transport, stream, send } = openStream({ channels: multiplex(), linger: 100 })
  const read = (name: string) => stream.channel(name).on('x', () => {})
  /** What the newest request asks for. */
  const asked = () => {
    const { searchParams } = new URL(transport.last().request.url)
    return [searchParams.getAll('channel').join(' '), searchParams.getAll('added').join(' ')]
  }
  const accept = () => transport.last().sink.open()
  return { transport, stream, send, read, asked, accept }
}

/** One that is open, with a reader of `a` and a cursor. */
async function live() {
  const opened = open()
  const { send, read, accept } = opened
  read('a')
  await settled()
  accept()
  send(['x', '', 'a@1'])
  return opened
}

test('the first request adds nothing: a snapshot may be behind it', async () => {
  const { read, asked } = open()
  read('a')
  read('b')
  await settled()
  expect(asked()).toEqual(['a b', ''])
})

test('what comes into use on a live stream is added, until its request is open', async () => {
  const { transport, read, asked, accept } = await live()
  read('b')
  await settled()
  expect(asked()).toEqual(['a b', 'b'])
  transport.last().sink.close({ kind: 'network', cause: undefined })
  await vi.advanceTimersByTimeAsync(1_000)
  expect(transport.attempts).toHaveLength(3)
  expect(asked()).toEqual(['a b', 'b'])
  accept()
  read('c')
  await settled()
  expect(asked()).toEqual(['a b c', 'c'])
})

test('after a break nothing is added: what came into use meanwhile wants what it missed', async () => {
  const { transport, read, asked } = await live()
  transport.last().sink.close({ kind: 'network', cause: undefined })
  read('b')
  await vi.advanceTimersByTimeAsync(1_000)
  expect(asked()).toEqual(['a b', ''])
})

test('a server that does not say where its stream begins is asked for more without a cursor, a moment after it has opened', async () => {
  const { read, asked, accept } = open()
  read('a')
  await settled()
  accept()
  read('b')
  await vi.advanceTimersByTimeAsync(349)
  expect(asked()).toEqual(['a', ''])
  await vi.advanceTimersByTimeAsync(1)
  expect(asked()).toEqual(['a b', ''])
})

test('a transport that reconnects by itself, to the same URL, is asked to add nothing', async () => {
  const { transport, stream, send } = openStream(
    { channels: multiplex() },
    { hearsEveryType: false },
  )
  stream.channel('a').on('x', () => {})
  await settled()
  transport.last().sink.open()
  send(['x', '', 'a@1'])
  stream.channel('b').on('x', () => {})
  await settled()
  expect(new URL(transport.last().request.url).search).toBe('?channel=a&channel=b')
})

test('a parent of what is heard, and a child of what was, are resumed', async () => {
  const { send, read, asked, accept } = open()
  const leave = read('pets/dogs')
  await settled()
  accept()
  send(['x', '', 'pets/dogs@1'])
  const leaveParent = read('pets')
  await settled()
  expect(asked()).toEqual(['pets', ''])
  accept()
  leaveParent()
  await vi.advanceTimersByTimeAsync(100)
  expect(asked()).toEqual(['pets/dogs', ''])
  accept()
  leave()
  read('cars')
  await settled()
  expect(asked()).toEqual(['cars pets/dogs', 'cars'])
})

test('a channel that comes back is added again', async () => {
  const { send, read, asked, accept } = open()
  read('a')
  const leave = read('b')
  await settled()
  accept()
  send(['x', '', 'a@1'])
  leave()
  await vi.advanceTimersByTimeAsync(100)
  expect(asked()).toEqual(['a', ''])
  accept()
  read('b')
  await settled()
  expect(asked()).toEqual(['a b', 'b'])
})

const long = (n: number) => `room/${n}/${'x'.repeat(180)}`

test('what came into use while another channel was refused is asked for without it', async () => {
  const { transport, read, asked } = await live()
  read('b')
  await settled()
  read('c')
  await settled()
  expect(asked()).toEqual(['a b', 'b'])
  transport.last().sink.close({ kind: 'status', status: 403, retryAfter: undefined })
  await settled()
  expect(asked()).toEqual(['a c', 'c'])
  transport.last().sink.close({ kind: 'status', status: 403, retryAfter: undefined })
  await settled()
  expect(transport.attempts).toHaveLength(3)
})

test('a server that refuses to be asked for less is not asked again', async () => {
  const { transport, send, read, asked, accept } = open()
  read('a/b')
  const stop = read('a')
  await settled()
  accept()
  send(['x', '', 'a@1'])
  stop()
  await vi.advanceTimersByTimeAsync(100)
  expect(asked()).toEqual(['a/b', ''])
  transport.last().sink.close({ kind: 'status', status: 403, retryAfter: undefined })
  await vi.advanceTimersByTimeAsync(60_000)
  expect(transport.attempts).toHaveLength(2)
})

test('a channel that one URL cannot ask for too is refused, and the others go on', async () => {
  const { transport, stream, send, read, accept } = open()
  const heard: string[] = []
  stream.channel('a').on('x', (event) => heard.push(event.data))
  for (let n = 0; n < 30; n += 1) read(long(n))
  await settled()
  accept()
  send(['x', '1', 'a@1'])
  let refused: unknown
  for (let n = 30; n < 60 && refused === undefined; n += 1) {
    try {
      read(long(n))
    } catch (error) {
      refused = error
    }
  }
  expect(refused).toMatchObject({ code: 'invalid-argument' })
  expect(String(refused)).toMatch(/too: the URL that asks for \d+ channels would be too long/)
  await settled()
  expect(transport.last().request.url.length).toBeLessThan(8_001)
  accept()
  send(['x', '2', 'a@2'])
  expect(heard).toEqual(['1', '2'])
  read(long(0))
  read('room')
  await settled()
  expect(new URL(transport.last().request.url).search).toBe('?channel=a&channel=room')
})

test.each(['x', '日本', 'a b&c', '🎈'.repeat(20)])(
  'as many channels are asked for as a URL takes, whatever they are called: %s',
  async (word) => {
    const { transport, read } = open()
    let count = 0
    const readOn = () => {
      for (; count < 2_000; count += 1) read(`${word}${count}`)
    }
    expect(readOn).toThrow('would be too long')
    await settled()
    const asked = new URL(transport.last().request.url)
    expect(asked.searchParams.getAll('channel')).toHaveLength(count)
    expect(asked.href.length).toBeLessThan(8_001)
    asked.searchParams.append('channel', `${word}${count}`)
    expect(asked.href.length).toBeGreaterThan(8_000)
  },
)

test('what is read again while a request without it is on its way is read on', async () => {
  const { transport, stream, send, read, asked, accept } = open()
  const heard: string[] = []
  const again = () => stream.channel('b').on('x', (event) => heard.push(event.data))
  read('a')
  const stop = again()
  await settled()
  accept()
  send(['x', '1', 'b@1'])
  const inUse = transport.last()
  stop()
  vi.advanceTimersByTime(100)
  await settled()
  expect(asked()).toEqual(['a', ''])
  again()
  await settled()
  accept()
  expect(inUse.closed).toBe(false)
  inUse.sink.receive([{ type: 'x', data: '2', lastEventId: 'b@2', id: 'b@2' }], 'b@2')
  await settled()
  expect(asked()).toEqual(['a b', ''])
  accept()
  expect(inUse.closed).toBe(true)
  send(['x', '3', 'b@3'])
  expect(heard).toEqual(['1', '2', '3'])
})

test('what merely lingers makes way for what is read', async () => {
  const { transport, read, accept } = open()
  const leave = Array.from({ length: 30 }, (_, n) => read(long(n)))
  await settled()
  accept()
  transport.last().sink.receive([], '0')
  for (const stop of leave) stop()
  for (let n = 30; n < 60; n += 1) read(long(n))
  await settled()
  const asked = new URL(transport.last().request.url).searchParams.getAll('channel')
  expect(asked).toEqual(Array.from({ length: 30 }, (_, n) => long(n + 30)))
})

test('channels by path are connections of their own, whose events are of their channel', async () => {
  const { transport, stream } = openStream({ channels: pathChannel() })
  const heard: unknown[] = []
  stream.channel('pets').on('x', (event) => heard.push([event.data, event.channel]))
  stream.channel('pets/dogs').on('x', (event) => heard.push([event.data, event.channel]))
  stream.on('x', (event) => heard.push([event.data, event.channel]))
  await settled()
  expect(transport.attempts.map(({ request }) => request.url)).toEqual([
    `${url}/pets`,
    `${url}/pets/dogs`,
    url,
  ])
  for (const [n, attempt] of transport.attempts.entries()) attempt.send(['x', String(n)])
  expect(heard).toEqual([
    ['0', 'pets'],
    ['1', 'pets/dogs'],
    ['2', undefined],
  ])
})

test('a channel that no path can carry is an error where it is read', () => {
  const { stream } = openStream({ channels: pathChannel() })
  expect(() => stream.channel('../admin').on('x', () => {})).toThrow('by path')
  expect(stream.status.value).toBe('idle')
})

test('your own way to tell a channel says who hears an event', async () => {
  const channels = multiplex({ channelOf: ({ type }) => type.split(':')[0] })
  const { stream, send } = openStream({ channels })
  const heard: string[] = []
  stream.channel('pets').on('*', ({ data, channel }) => heard.push(`pets ${data} ${channel}`))
  stream.channel('cars').on('*', ({ data }) => heard.push(`cars ${data}`))
  await settled()
  send(['pets:dog', '1'], ['cars:new', '2'], ['other:x', '3'])
  expect(heard).toEqual(['pets 1 pets', 'cars 2'])
})

test("an event of no name is the whole stream's, and heard once", async () => {
  const channels = multiplex({ channelOf: ({ type }) => type.split(':')[0] })
  const { stream, send } = openStream({ channels })
  const heard: string[] = []
  stream.on('*', ({ data }) => heard.push(data))
  stream.channel('pets').on('*', ({ data }) => heard.push(`pets ${data}`))
  await settled()
  send([':x', '1'])
  expect(heard).toEqual(['1'])
})

test('one channel whose name looks like several, or like none, is not taken for them', async () => {
  const { stream, send } = openStream({ channels: multiplex() })
  const heard: string[] = []
  stream.channel('a').on('x', ({ data }) => heard.push(`a ${data}`))
  stream.channel('b').on('x', ({ data }) => heard.push(`b ${data}`))
  await settled()
  const ids = ['%0Aa%0Ab@1', 'a,b@2', '["a"%2C"b"]@3', '@4', '[]@5', 'a,b@6']
  send(...ids.map((id, index) => ['x', String(index + 1), id] as const))
  expect(heard).toEqual(['a 2', 'b 2', 'a 4', 'b 4', 'a 6', 'b 6'])
})

test('who tells the channels of each event in one array of his own is understood', async () => {
  const told: string[] = []
  const channelOf = ({ data }: { readonly data: string }) => {
    told[0] = data.split(' ')[0] ?? ''
    return told
  }
  const { stream, send } = openStream({ channels: multiplex({ channelOf }) })
  const heard: string[] = []
  stream.channel('pets').on('*', ({ data }) => heard.push(data))
  stream.channel('cars').on('*', ({ data }) => heard.push(`not ${data}`))
  await settled()
  send(['x', 'pets 1'], ['x', 'fish 2'], ['x', 'pets 3'])
  expect(heard).toEqual(['pets 1', 'pets 3'])
})

test.each([
  [queryChannel(), 'EventSource'],
  [queryChannel('channel', { cursorParam: false }), 'fetch'],
  [pathChannel({ cursorParam: false }), 'fetch'],
  [multiplex({ cursorParam: false }), 'fetch'],
])(
  'where the server takes no cursor by query, fetch carries it: %#',
  async (channels, expected) => {
    vi.stubGlobal('location', new URL('https://page.test/'))
    const used: string[] = []
    class FakeEventSource extends EventTarget {
      readonly readyState = 0
      constructor() {
        super()
        used.push('EventSource')
      }
      close(): void {}
    }
    vi.stubGlobal('EventSource', FakeEventSource)
    vi.stubGlobal('fetch', () => {
      used.push('fetch')
      return new Promise(() => {})
    })
    using pool = createPool({ channels })
    pool
      .stream(url)
      .channel('a')
      .on('x', () => {})
    await settled()
    expect(used).toEqual([expected])
  },
)
