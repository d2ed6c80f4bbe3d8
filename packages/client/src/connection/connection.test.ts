import { computed } from '@preact/signals-core'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Transport } from '../transport/transport.ts'
import type { Connection } from './connection.ts'
import { requestFor, scriptedConnection, type Given } from './scripted-connection.test.support.ts'

beforeEach(() => {
  vi.useFakeTimers()
  vi.spyOn(Math, 'random').mockReturnValue(0)
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

function connect(given: Given = {}) {
  const closed: (string | undefined)[][] = []
  const scripted = scriptedConnection({
    onTransition: (event, _, { reason, error }) => {
      if (event === 'stopped') closed.push([reason, error?.code])
    },
    ...given,
  })
  scripted.connection.start()
  return { ...scripted, closed }
}

const broke = { kind: 'network', cause: undefined } as const

test('a broken connection is tried again after the delay, from the cursor', () => {
  const { transport, connection } = connect()
  transport.last().sink.open()
  transport.last().send(['message', 'a', '17'])
  transport.last().sink.close(broke)
  expect(connection.state.value.status).toBe('waiting')
  expect(connection.state.value.error?.code).toBe('network')
  vi.advanceTimersByTime(999)
  expect(transport.attempts).toHaveLength(1)
  vi.advanceTimersByTime(1)
  expect(transport.last().request.lastEventId).toBe('17')
  transport.last().sink.open()
  expect(connection.state.value.status).toBe('open')
  expect(connection.state.value.error).toBeUndefined()
})

test('a superseded attempt is not heard', () => {
  const { transport, connection, received } = connect()
  const first = transport.last()
  first.sink.open()
  connection.restart()
  expect(first.closed).toBe(true)
  first.send(['message', 'late'])
  first.sink.close(broke)
  first.sink.open()
  expect(received).toEqual([])
  expect(connection.state.value.status).toBe('connecting')
  expect(transport.attempts).toHaveLength(2)
})

test('whoever comes while a retry sleeps wakes it, once the first delay is over', () => {
  const { transport, connection } = connect()
  transport.last().sink.close(broke)
  connection.start()
  expect(transport.attempts).toHaveLength(1)
  vi.advanceTimersByTime(1_000)
  transport.last().sink.close(broke)
  vi.advanceTimersByTime(1_000)
  expect(transport.attempts).toHaveLength(2)
  connection.start()
  vi.advanceTimersByTime(0)
  expect(transport.attempts).toHaveLength(3)
  expect(vi.getTimerCount()).toBe(0)
})

test('readers that come and go do not wake a server more often than the first delay', () => {
  const { transport, connection } = connect()
  for (let n = 0; n < 50; n += 1) {
    transport.last().sink.close(broke)
    for (let readers = 0; readers < 10; readers += 1) connection.start()
    vi.advanceTimersByTime(100)
  }
  expect(transport.attempts.length).toBeLessThanOrEqual(6)
})

test('whoever comes does not cut short what Retry-After asks for', () => {
  const { transport, connection } = connect()
  transport.last().sink.close({ kind: 'status', status: 503, retryAfter: '60' })
  vi.advanceTimersByTime(59_999)
  connection.start()
  expect(transport.attempts).toHaveLength(1)
  vi.advanceTimersByTime(1)
  expect(transport.attempts).toHaveLength(2)
})

test('a wait longer than timers can be does not end at once', () => {
  const { transport } = connect()
  transport.last().sink.close({ kind: 'status', status: 503, retryAfter: '2592000' })
  vi.advanceTimersByTime(86_400_000)
  expect(transport.attempts).toHaveLength(1)
})

test('a server that says retry: 0 is not asked without end', () => {
  const { transport } = connect()
  transport.last().sink.retry(0)
  for (let n = 0; n < 1_000; n += 1) {
    transport.last().sink.close(broke)
    vi.advanceTimersByTime(1)
  }
  expect(transport.attempts.length).toBeLessThan(12)
})

test('an end that the server means leaves no error of before', () => {
  const { transport, connection } = connect()
  transport.last().sink.close(broke)
  vi.advanceTimersByTime(1_000)
  transport.last().sink.close({ kind: 'no-content' })
  expect(connection.state.value.status).toBe('closed')
  expect(connection.state.value.error).toBeUndefined()
})

test('a transport that reconnects by itself is left to it', () => {
  const { transport, connection } = connect()
  transport.last().sink.open()
  transport.last().sink.interrupted()
  expect(connection.state.value.status).toBe('waiting')
  connection.start()
  expect(transport.attempts).toHaveLength(1)
  transport.last().sink.open()
  expect(connection.state.value.status).toBe('open')
})

test('a refusal is final until somebody new comes', () => {
  const { transport, connection } = connect()
  transport.last().sink.close({ kind: 'status', status: 404, retryAfter: undefined })
  expect(connection.state.value.status).toBe('closed')
  expect(connection.state.value.error?.status).toBe(404)
  expect(vi.getTimerCount()).toBe(0)
  vi.advanceTimersByTime(1_000)
  connection.start()
  expect(transport.attempts).toHaveLength(2)
})

test('status 204 ends the stream, for whoever comes later too, until a reconnect', () => {
  const { transport, connection } = connect()
  transport.last().sink.close({ kind: 'no-content' })
  connection.start()
  expect(connection.state.value.status).toBe('closed')
  expect(connection.state.value.error).toBeUndefined()
  connection.restart()
  expect(connection.state.value.status).toBe('connecting')
})

test('a server that accepts and drops is waited for longer each time', () => {
  const { transport } = connect()
  for (const delay of [1_000, 2_000, 4_000]) {
    transport.last().sink.open()
    transport.last().sink.close(broke)
    const before = transport.attempts.length
    vi.advanceTimersByTime(delay - 1)
    expect(transport.attempts).toHaveLength(before)
    vi.advanceTimersByTime(1)
    expect(transport.attempts).toHaveLength(before + 1)
  }
})

test('failures are forgotten after good service, and at a clean end after an event', () => {
  const { transport } = connect()
  transport.last().sink.close(broke)
  vi.advanceTimersByTime(1_000)
  transport.last().sink.open()
  vi.advanceTimersByTime(10_000)
  transport.last().sink.close(broke)
  vi.advanceTimersByTime(1_000)
  expect(transport.attempts).toHaveLength(3)
  transport.last().sink.open()
  transport.last().send(['message', 'a'])
  transport.last().sink.close({ kind: 'end' })
  vi.advanceTimersByTime(1_000)
  expect(transport.attempts).toHaveLength(4)
})

test('the retries allowed used up, it gives up with the last cause', () => {
  const { transport, connection } = connect({ retry: { maxRetries: 2 } })
  for (let n = 0; n < 3; n += 1) {
    transport.last().sink.close({ kind: 'status', status: 503, retryAfter: undefined })
    vi.advanceTimersByTime(60_000)
  }
  expect(transport.attempts).toHaveLength(3)
  expect(connection.state.value.status).toBe('closed')
  expect(connection.state.value.error).toMatchObject({ code: 'gave-up', status: 503 })
})

test("the server's retry field is kept for every later retry", () => {
  const { transport } = connect()
  transport.last().sink.open()
  transport.last().sink.retry(5_000)
  transport.last().sink.close(broke)
  vi.advanceTimersByTime(4_999)
  expect(transport.attempts).toHaveLength(1)
  vi.advanceTimersByTime(1)
  expect(transport.attempts).toHaveLength(2)
})

test('a release closes the attempt and forgets the retry, for good', () => {
  const open = connect()
  open.connection.release()
  expect(open.transport.last().closed).toBe(true)
  expect(open.connection.state.value.status).toBe('idle')
  open.connection.start()
  open.connection.restart()
  expect(open.transport.attempts).toHaveLength(1)
  const waiting = connect()
  waiting.transport.last().sink.close(broke)
  waiting.connection.release()
  expect(vi.getTimerCount()).toBe(0)
})

test('while a successor is on its way, the old attempt is read, and what fails is the successor alone', () => {
  const { transport, connection, received } = connect()
  const old = transport.last()
  old.sink.open()
  old.sink.receive([], '0')
  connection.swap()
  transport.last().sink.close({ kind: 'status', status: 503, retryAfter: undefined })
  old.send(['message', 'still'])
  expect(received.map(({ data }) => data)).toEqual(['still'])
  expect(connection.state.value.status).toBe('open')
  vi.advanceTimersByTime(1_000)
  expect(transport.attempts).toHaveLength(3)
  transport.last().sink.open()
  expect(old.closed).toBe(true)
})

test('a swap that the server refuses is told, and harms nothing that is read', () => {
  const { transport, connection, received } = connect()
  const old = transport.last()
  old.sink.open()
  old.sink.receive([], '0')
  connection.swap()
  transport.last().sink.close({ kind: 'status', status: 403, retryAfter: undefined })
  expect(standing(connection)).toMatchObject({ status: 'open', error: 'status' })
  old.send(['message', 'still', '1'])
  expect(received.map(({ data }) => data)).toEqual(['still'])
  expect(vi.getTimerCount()).toBe(0)
  connection.swap()
  transport.last().sink.open()
  expect(standing(connection)).toMatchObject({ status: 'open', error: undefined })
})

test('a swap that fails is tried ever more seldom, however good the old attempt is', () => {
  const { transport, connection } = connect()
  transport.last().sink.open()
  transport.last().send(['message', 'a', '1'])
  vi.advanceTimersByTime(60_000)
  connection.swap()
  for (const delay of [1_000, 2_000, 4_000]) {
    const attempts = transport.attempts.length
    transport.last().sink.close(broke)
    vi.advanceTimersByTime(delay - 1)
    expect(transport.attempts).toHaveLength(attempts)
    vi.advanceTimersByTime(1)
    expect(transport.attempts).toHaveLength(attempts + 1)
  }
})

test('an old attempt that ends leaves the stream to its successor', () => {
  const { transport, connection } = connect()
  const old = transport.last()
  old.sink.open()
  old.sink.receive([], '0')
  connection.swap()
  old.sink.close(broke)
  expect(connection.state.value.status).toBe('connecting')
  expect(connection.state.value.error?.code).toBe('network')
  transport.last().sink.open()
  expect(connection.state.value.status).toBe('open')
  expect(connection.state.value.error).toBeUndefined()
  expect(transport.attempts).toHaveLength(2)
  expect(vi.getTimerCount()).toBe(0)
})

test('the cursor is that of the attempt in use: a successor that breaks is asked for what it had not brought', () => {
  const { transport, connection, received } = connect()
  const old = transport.last()
  old.sink.open()
  old.send(['message', 'a', '7'])
  connection.swap()
  old.send(['message', 'b', '8'])
  transport.last().sink.open()
  transport.last().send(['message', 'without an id'])
  transport.last().sink.close(broke)
  vi.advanceTimersByTime(1_000)
  expect(transport.last().request.lastEventId).toBe('7')
  transport.last().sink.open()
  transport.last().send(['message', 'b', '8'], ['message', 'c', '9'])
  expect(received.map(({ data }) => data)).toEqual(['a', 'b', 'without an id', 'c'])
})

test('what other events come with is no reason to forget what both have brought', () => {
  const { transport, connection, received } = connect()
  const old = transport.last()
  old.sink.open()
  connection.swap()
  old.send(['message', 'a', '8'])
  transport.last().sink.open()
  transport.last().send(['message', 'b', '6'], ['message', 'c', '7'], ['message', 'a', '8'])
  expect(received.map(({ data }) => data)).toEqual(['a', 'b', 'c'])
})

test('more swaps wanted do not hasten one that the server wants later', () => {
  const { transport, connection } = connect()
  transport.last().sink.open()
  transport.last().sink.receive([], '0')
  connection.swap()
  transport.last().sink.close({ kind: 'status', status: 503, retryAfter: '60' })
  for (let n = 0; n < 20; n += 1) connection.swap()
  vi.advanceTimersByTime(59_999)
  expect(transport.attempts).toHaveLength(2)
  vi.advanceTimersByTime(1)
  expect(transport.attempts).toHaveLength(3)
})

test('a swap wanted while another is under way does not hasten it once that has failed', () => {
  const { transport, connection } = connect()
  const first = transport.last()
  first.sink.open()
  first.send(['message', 'a', '1'])
  connection.swap()
  connection.swap()
  transport.last().sink.close(broke)
  first.send(['message', 'b', '2'])
  vi.advanceTimersByTime(999)
  expect(transport.attempts).toHaveLength(2)
  vi.advanceTimersByTime(1)
  expect(transport.attempts).toHaveLength(3)
})

test('the failures of swaps are not those of what is in use', () => {
  const { transport, connection } = connect({ retry: { maxRetries: 1 } })
  const old = transport.last()
  old.sink.open()
  old.sink.receive([], '0')
  connection.swap()
  transport.last().sink.close(broke)
  vi.advanceTimersByTime(1_000)
  transport.last().sink.close(broke)
  old.sink.close(broke)
  expect(connection.state.value.status).toBe('waiting')
})

test('what the server once asked for is over when it serves again', () => {
  const { transport, connection } = connect()
  transport.last().sink.close({ kind: 'status', status: 503, retryAfter: '3600' })
  connection.restart()
  transport.last().sink.open()
  transport.last().sink.close({ kind: 'status', status: 404, retryAfter: undefined })
  vi.advanceTimersByTime(1_000)
  connection.start()
  expect(connection.state.value.status).toBe('connecting')
})

test('whoever asks again at once where he was refused waits for the first delay', () => {
  const { transport, connection } = connect()
  for (let n = 0; n < 50; n += 1) {
    transport.last().sink.close({ kind: 'status', status: 404, retryAfter: undefined })
    connection.start()
    vi.advanceTimersByTime(100)
  }
  expect(transport.attempts.length).toBeLessThanOrEqual(6)
})

test('a swap asked for while connecting is made once the server has said where its stream begins, or has sent an event', () => {
  for (const [event, lastEventId] of [
    [undefined, '7'],
    [['message', 'a'], ''],
  ] as const) {
    const { transport, connection } = connect()
    const old = transport.last()
    for (let n = 0; n < 10; n += 1) connection.swap()
    old.sink.open()
    for (let n = 0; n < 10; n += 1) connection.swap()
    expect(transport.attempts).toHaveLength(1)
    if (event === undefined) old.sink.receive([], lastEventId)
    else old.send(event)
    expect(transport.attempts).toHaveLength(2)
    expect(transport.last().request.lastEventId).toBe(lastEventId)
    expect(old.closed).toBe(false)
    connection.release()
    expect(vi.getTimerCount()).toBe(0)
  }
})

test('a page that was held up when a stream began hears where that was before it swaps', () => {
  const { transport, connection } = connect()
  const old = transport.last()
  old.sink.open()
  connection.swap()
  vi.setSystemTime(Date.now() + 60_000)
  vi.advanceTimersByTime(300)
  expect(transport.attempts).toHaveLength(1)
  old.sink.receive([], '7')
  expect(transport.last().request.lastEventId).toBe('7')
})

test('a server that says nothing when a stream begins keeps a swap waiting for no longer than a moment', () => {
  const { transport, connection } = connect()
  transport.last().sink.open()
  connection.swap()
  vi.advanceTimersByTime(200)
  connection.swap()
  vi.advanceTimersByTime(149)
  expect(transport.attempts).toHaveLength(1)
  vi.advanceTimersByTime(1)
  expect(transport.attempts).toHaveLength(2)
  transport.last().sink.open()
  vi.advanceTimersByTime(300)
  connection.swap()
  expect(transport.attempts).toHaveLength(3)
})

test('a transport that ends or opens before it returns is followed all the same', () => {
  const outcomes: string[] = []
  const hasty: Transport = {
    hearsEveryType: true,
    connect: (_, sink) => {
      if (outcomes.length > 0) sink.open()
      else sink.close(broke)
      return {
        close: () => {
          outcomes.push('closed')
        },
        listen: () => {},
      }
    },
  }
  const { connection } = connect({ transport: hasty })
  expect(connection.state.value.status).toBe('waiting')
  vi.advanceTimersByTime(1_000)
  expect(connection.state.value.status).toBe('open')
})

test('a request that fails to be made is tried again', async () => {
  let calls = 0
  const { transport, connection } = connect({
    request: async (id) => {
      calls += 1
      if (calls === 1) throw new Error('no token')
      return requestFor(id)
    },
  })
  await vi.advanceTimersByTimeAsync(0)
  expect(connection.state.value.status).toBe('waiting')
  await vi.advanceTimersByTimeAsync(1_000)
  expect(transport.attempts).toHaveLength(1)
})

test('a request that is ready only after the release opens nothing', async () => {
  const { transport, connection } = connect({ request: async (id) => requestFor(id) })
  connection.release()
  await vi.advanceTimersByTimeAsync(0)
  expect(transport.attempts).toHaveLength(0)
})

test('a subscriber that restarts at a failure leaves one attempt and no timer', () => {
  const { transport, connection } = connect()
  let restarts = 0
  computed(() => connection.state.value.status).subscribe((status) => {
    if (status !== 'waiting' || restarts > 0) return
    restarts += 1
    connection.restart()
  })
  transport.last().sink.close(broke)
  expect(transport.attempts).toHaveLength(2)
  expect(transport.last().closed).toBe(false)
  expect(vi.getTimerCount()).toBe(0)
})

/** How it stands, without what is counted. */
function standing(connection: Connection) {
  const { status, attempt, retryAt, holds, reason, error } = connection.snapshot.value
  return { status, attempt, retryAt, holds, reason, error: error?.code }
}

test('a snapshot tells of attempts, of what is awaited, and why', () => {
  const { transport, connection } = connect()
  transport.last().sink.close(broke)
  transport.last().sink.active(3, false)
  expect(standing(connection)).toEqual({
    status: 'waiting',
    attempt: 1,
    retryAt: Date.now() + 1_000,
    holds: [],
    reason: undefined,
    error: 'network',
  })
  vi.advanceTimersByTime(1_000)
  transport.last().sink.open()
  expect(standing(connection)).toMatchObject({ status: 'open', attempt: 0, retryAt: undefined })
  transport.last().sink.active(100, false)
  transport.last().send(['message', 'a', '1'])
  const { events, bytes, attempts, lastEventId, lastActivityAt } = connection.snapshot.value
  expect({ events, bytes, attempts, lastEventId, lastActivityAt }).toEqual({
    events: 1,
    bytes: 100,
    attempts: 2,
    lastEventId: '1',
    lastActivityAt: Date.now(),
  })
})

test('what is counted refreshes a watched snapshot once a second at the most', () => {
  const { transport, connection } = connect()
  transport.last().sink.open()
  const seen: number[] = []
  const stop = connection.snapshot.subscribe(({ bytes }) => seen.push(bytes))
  for (let n = 0; n < 2_500; n += 1) {
    transport.last().sink.active(1, false)
    vi.advanceTimersByTime(1)
  }
  expect(seen).toEqual([0, 1_000, 2_000])
  stop()
  expect(vi.getTimerCount()).toBe(0)
})

test('silence after a heartbeat is a dead link, and tried again', () => {
  const { transport, connection } = connect()
  transport.last().sink.open()
  vi.advanceTimersByTime(600_000)
  expect(connection.state.value.status).toBe('open')
  transport.last().sink.active(12, true)
  vi.advanceTimersByTime(44_999)
  transport.last().sink.active(5, false)
  vi.advanceTimersByTime(44_999)
  expect(connection.state.value.status).toBe('open')
  vi.advanceTimersByTime(1)
  expect(transport.last().closed).toBe(true)
  expect(standing(connection)).toMatchObject({ status: 'waiting', error: 'silent' })
})

test('a heartbeat event arms the watchdog where comments are not heard', () => {
  const { transport, connection } = connect()
  transport.last().sink.open()
  transport.last().send(['heartbeat', '1'])
  vi.advanceTimersByTime(45_000)
  expect(connection.state.value.error?.code).toBe('silent')
})

test('an explicit heartbeatTimeout holds for the head too, and Infinity for nothing', () => {
  const eager = connect({ heartbeatTimeout: 5_000 })
  vi.advanceTimersByTime(5_000)
  expect(eager.connection.state.value.error?.code).toBe('silent')
  const patient = connect({ heartbeatTimeout: Infinity })
  patient.transport.last().sink.open()
  patient.transport.last().sink.active(1, true)
  vi.advanceTimersByTime(10_000_000)
  expect(patient.connection.state.value.status).toBe('open')
})

test('a function that takes too long is aborted, and tried again', async () => {
  const signals: AbortSignal[] = []
  const { connection, transport } = connect({
    request: (_, { signal }) => {
      signals.push(signal)
      return new Promise(() => {})
    },
  })
  await vi.advanceTimersByTimeAsync(45_000)
  expect(signals[0]?.aborted).toBe(true)
  expect(standing(connection)).toMatchObject({ status: 'waiting', error: 'request' })
  expect(transport.attempts).toHaveLength(0)
})

test('a refused token is asked for anew at once, and once until it opens', async () => {
  const asked: (number | undefined)[] = []
  const { connection, transport } = connect({
    fresh: true,
    request: async (id, { status }) => {
      asked.push(status)
      return requestFor(id)
    },
  })
  const refuse = async (status: number) => {
    await vi.advanceTimersByTimeAsync(0)
    transport.last().sink.close({ kind: 'status', status, retryAfter: undefined })
    await vi.advanceTimersByTimeAsync(0)
  }
  await refuse(401)
  expect(asked).toEqual([undefined, 401])
  transport.last().sink.open()
  await refuse(403)
  expect(asked).toEqual([undefined, 401, 403])
  await refuse(401)
  expect(standing(connection)).toMatchObject({ status: 'closed', reason: 'refused' })
  expect(asked).toHaveLength(3)
})

test('a reopened stream without a cursor tells of the gap, one with a cursor does not', () => {
  const { transport, gaps } = connect({ retry: { factor: 1 } })
  const reopen = () => {
    transport.last().sink.close(broke)
    vi.advanceTimersByTime(1_000)
    transport.last().sink.open()
  }
  transport.last().sink.open()
  expect(gaps).toEqual([])
  reopen()
  expect(gaps).toEqual([{ reason: 'no-cursor' }])
  transport.last().send(['message', 'a', '1'])
  reopen()
  expect(gaps).toHaveLength(1)
  transport.last().send(['message', 'b', ''])
  reopen()
  expect(gaps).toHaveLength(2)
})

test('without dedup, what two connections brought is heard twice', () => {
  const { transport, received } = connect({ dedup: false })
  transport.last().sink.open()
  transport.last().send(['message', 'a', '1'])
  transport.last().sink.close(broke)
  vi.advanceTimersByTime(1_000)
  transport.last().sink.open()
  transport.last().send(['message', 'a', '1'])
  expect(received).toHaveLength(2)
})

test('what is sent once is not sent again: not by a failure, a new holder, or its clean end', () => {
  const { transport, connection, closed } = connect({ once: true })
  transport.last().sink.open()
  transport.last().sink.close(broke)
  expect(standing(connection)).toMatchObject({ status: 'closed', reason: 'interrupted' })
  connection.start()
  vi.advanceTimersByTime(600_000)
  expect(transport.attempts).toHaveLength(1)
  connection.restart()
  transport.last().sink.open()
  transport.last().sink.close({ kind: 'end' })
  connection.start()
  expect(transport.attempts).toHaveLength(2)
  expect(closed).toEqual([
    ['interrupted', 'interrupted'],
    ['ended', undefined],
  ])
})
