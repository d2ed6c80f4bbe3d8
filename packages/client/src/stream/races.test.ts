import { effect } from '@preact/signals-core'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { StreamOptions } from '../options.ts'
import type { EventMap, NoMap } from './stream.ts'
import { json } from './decode.ts'
import { open as openStream, settled } from './scripted-stream.test.support.ts'

let reported: unknown[] = []
beforeEach(() => {
  vi.useFakeTimers()
  reported = []
  vi.stubGlobal('reportError', (error: unknown) => reported.push(error))
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

function open<Map extends EventMap = NoMap>(options: StreamOptions<Map> = {}) {
  const given = openStream<Map>(options)
  const begin = async () => {
    await settled()
    given.transport.last().sink.open()
  }
  return { ...given, begin }
}

test('who subscribes in a subscriber sees the same event, once, and every later one', async () => {
  const { stream, send, begin } = open()
  const heard: string[] = []
  let inner: (() => void) | undefined
  stream.latest('x').subscribe((event) => {
    inner ??= event && stream.latest('x').subscribe((same) => heard.push(`inner ${same?.data}`))
    if (event) heard.push(`outer ${event.data}`)
  })
  await begin()
  send(['x', '1'])
  send(['x', '2'])
  expect(heard.toSorted()).toEqual(['inner 1', 'inner 2', 'outer 1', 'outer 2'])
  inner?.()
})

test('a subscriber that unsubscribes itself and others in its call is obeyed, and the connection goes', async () => {
  const { transport, stream, send, begin } = open({ linger: 0 })
  const heard: string[] = []
  const stops: (() => void)[] = []
  for (const name of ['a', 'b']) {
    const stop = stream.latest('x').subscribe((event) => {
      if (event === undefined) return
      heard.push(name)
      for (const one of stops) one()
    })
    stops.push(stop)
  }
  await begin()
  send(['x', '1'])
  send(['x', '2'])
  expect(heard).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(0)
  expect(transport.last().closed).toBe(true)
})

test.each(['stream', 'pool'] as const)(
  'a %s may be closed in anything that an event is given to',
  async (what) => {
    const places = [
      'listener',
      'selector',
      'reducer',
      'decoder',
      'equals',
      'subscriber',
      'onError',
    ] as const
    for (const place of places) {
      let close = () => {}
      const closeIn = (one: string) => {
        if (one === place) close()
      }
      // oxlint-disable-next-line no-await-in-loop
      const { transport, pool, stream, send, begin } = open({
        linger: 0,
        events: {
          x: (raw: string) => {
            closeIn('decoder')
            return raw
          },
          bad: json(),
        },
        onError: () => closeIn('onError'),
      })
      const heard: string[] = []
      stream.on('x', ({ data }) => {
        closeIn('listener')
        heard.push(data)
      })
      stream.on('bad', () => {})
      const stops = [
        stream
          .select(
            'x',
            ({ data }) => {
              closeIn('selector')
              return data
            },
            {
              equals: () => {
                closeIn('equals')
                return false
              },
            },
          )
          .subscribe(() => {}),
        stream
          .reduce(
            'x',
            (sum) => {
              closeIn('reducer')
              return sum + 1
            },
            0,
          )
          .subscribe(() => {}),
        stream.latest('x').subscribe((event) => {
          if (event) closeIn('subscriber')
        }),
      ]
      const loop = (async () => {
        for await (const event of stream.events('x')) heard.push(`loop ${event.data}`)
      })()
      // oxlint-disable-next-line no-await-in-loop
      await begin()
      close = () => {
        if (what === 'pool') pool.close()
        else stream.close()
      }
      send(['bad', '{'], ['x', '1'])
      send(['x', '2'])
      // oxlint-disable-next-line no-await-in-loop
      await loop
      // oxlint-disable-next-line no-await-in-loop
      await vi.advanceTimersByTimeAsync(0)
      expect([place, reported, heard.includes('3')]).toEqual([place, [], false])
      expect([place, transport.last().closed]).toEqual([place, true])
      for (const stop of stops) stop()
      expect([place, vi.getTimerCount()]).toEqual([place, 0])
    }
  },
)

test('an equals that throws is reported, and keeps the last value', async () => {
  const { stream, send, begin } = open()
  const store = stream.select('x', ({ data }) => data, {
    equals: () => {
      throw new Error('equals')
    },
  })
  store.subscribe(() => {})
  await begin()
  send(['x', '1'])
  send(['x', '2'])
  expect(store.value).toBe('1')
  expect(reported).toEqual([new Error('equals')])
})

test('a schema that never settles holds up its own readers, and no other', async () => {
  const never = {
    '~standard': {
      version: 1 as const,
      vendor: 'test',
      validate: () => new Promise<{ value: string }>(() => {}),
    },
  }
  const { transport, stream, send, begin } = open({
    linger: 0,
    events: { slow: never, x: json<number>() },
  })
  const heard: unknown[] = []
  const stops = [
    stream.on('slow', () => heard.push('slow')),
    stream.on('x', ({ data }) => heard.push(data)),
  ]
  stream.latest('slow').subscribe(() => {})()
  const abort = new AbortController()
  const next = stream.events('slow', { signal: abort.signal }).next()
  await begin()
  send(['slow', '1'], ['x', '1'])
  await settled()
  expect(heard).toEqual([1])
  abort.abort(new Error('enough'))
  await expect(next).rejects.toThrow('enough')
  for (const stop of stops) stop()
  await vi.advanceTimersByTimeAsync(0)
  expect(transport.last().closed).toBe(true)
})

test('a promise of another library is waited for', async () => {
  const thenable = {
    '~standard': {
      version: 1 as const,
      vendor: 'test',
      validate: (value: unknown) => ({
        // oxlint-disable-next-line unicorn/no-thenable
        then: (resolve: (result: { value: unknown }) => void) => resolve({ value }),
      }),
    },
  }
  const { stream, send, begin } = open({ events: { x: thenable as never } })
  const heard: unknown[] = []
  stream.on('x', ({ data }) => heard.push(data))
  await begin()
  send(['x', '1'], ['x', '2'])
  await settled()
  expect(heard).toEqual([1, 2])
})

test('a burst of ten thousand is one change of each store, and each event to each listener and loop', async () => {
  const { stream, send, begin } = open({ events: { x: json<number>() } })
  const total = 10_000
  let changes = 0
  let heard = 0
  const sum = stream.reduce('x', (before, { data }) => before + data, 0)
  effect(() => {
    changes += Number(sum.value > 0)
    void stream.latest('x').value
  })
  stream.on('x', () => {
    heard += 1
  })
  const events = stream.events('x')
  const first = events.next()
  await begin()
  send(...Array.from({ length: total }, (_, n): [string, string] => ['x', String(n)]))
  expect([sum.value, changes, heard]).toEqual([(total * (total - 1)) / 2, 1, total])
  expect((await first).value?.data).toBe(0)
  let last = 0
  for await (const { data } of events) {
    expect(data).toBe(last + 1)
    last = data
    if (last === total - 1) break
  }
})

test('an iterator that is asked by several, left and asked again, answers each', async () => {
  const { stream, send, begin } = open()
  const events = stream.events('x')
  const waiting = [events.next(), events.next(), events.next()]
  await begin()
  send(['x', '1'])
  expect(await waiting[0]).toMatchObject({ value: { data: '1' } })
  const left = events.return?.()
  expect(await Promise.all([...waiting.slice(1), left, events.next()])).toEqual(
    Array.from({ length: 4 }, () => ({ done: true, value: undefined })),
  )
})

test('a listener that is added by a listener in the same chunk hears what comes after', async () => {
  const { stream, send, begin } = open()
  const heard: string[] = []
  let added = false
  stream.on('x', () => {
    if (added) return
    added = true
    stream.on('x', ({ data }) => heard.push(data))
  })
  await begin()
  send(['x', '1'], ['x', '2'], ['x', '3'])
  expect(heard).toEqual(['2', '3'])
})

test('a signal that aborts in the listener it ends is obeyed within the chunk', async () => {
  const { stream, send, begin } = open()
  const abort = new AbortController()
  const heard: string[] = []
  stream.on(
    'x',
    ({ data }) => {
      heard.push(data)
      abort.abort()
    },
    { signal: abort.signal },
  )
  await begin()
  send(['x', '1'], ['x', '2'])
  expect(heard).toEqual(['1'])
})

test('who reconnects a stream as it is refused has it read on, and no iterator ends', async () => {
  const { transport, stream, send, begin } = open()
  const heard: string[] = []
  const reading = (async () => {
    for await (const { data } of stream.events('x')) heard.push(data)
  })()
  stream.status.subscribe((status) => {
    if (status === 'closed') stream.reconnect()
  })
  await begin()
  transport.last().sink.close({ kind: 'status', status: 403, retryAfter: undefined })
  expect(transport.attempts).toHaveLength(2)
  await begin()
  send(['x', '1'])
  await settled()
  expect([heard, stream.status.value]).toEqual([['1'], 'open'])
  stream.close()
  await reading
})
