import { computed } from '@preact/signals-core'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { StreamError } from '../errors.ts'
import { scriptedConnection } from './scripted-connection.test.support.ts'

// What a connection does whose events come by another tab's.

beforeEach(() => {
  vi.useFakeTimers()
  vi.spyOn(Math, 'random').mockReturnValue(0)
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

function connect() {
  const statuses: string[] = []
  const scripted = scriptedConnection({ retry: { retryOn: () => false } })
  const { transport, connection } = scripted
  computed(() => connection.state.value.status).subscribe((status) => statuses.push(status))
  connection.start()
  transport.last().sink.open()
  return { ...scripted, statuses }
}

const handover = { kind: 'handover' } as const

test('a handover asks again at once from the cursor, is no failure, and nobody notices', () => {
  const { transport, connection, received, gaps, statuses } = connect()
  transport.last().send(['message', 'a', '1'])
  transport.last().sink.close(handover)
  expect(transport.attempts).toHaveLength(2)
  expect(transport.last().request.lastEventId).toBe('1')
  transport.last().sink.open()
  transport.last().send(['message', 'a', '1'], ['message', 'b', '2'])
  expect(statuses).toEqual(['idle', 'connecting', 'open'])
  expect(received.map(({ data }) => data)).toEqual(['a', 'b'])
  expect(gaps).toEqual([])
  expect(connection.snapshot.value.attempt).toBe(0)
  expect(vi.getTimerCount()).toBe(0)
})

test('a handover that takes its time is seen to connect', () => {
  const { transport, statuses } = connect()
  transport.last().sink.close(handover)
  vi.advanceTimersByTime(999)
  expect(statuses.at(-1)).toBe('open')
  vi.advanceTimersByTime(1)
  expect(statuses.at(-1)).toBe('connecting')
  expect(transport.attempts).toHaveLength(2)
  transport.last().sink.open()
  expect(statuses.at(-1)).toBe('open')
})

test('a handover that fails is a failure like any other', () => {
  const { transport, connection } = connect()
  transport.last().sink.close(handover)
  transport.last().sink.close({ kind: 'network', cause: undefined })
  expect(connection.snapshot.value).toMatchObject({ status: 'closed', reason: 'gave-up' })
  expect(vi.getTimerCount()).toBe(0)
})

test('a handover without a cursor tells of the gap', () => {
  const { transport, gaps } = connect()
  transport.last().send(['message', 'a'])
  transport.last().sink.close(handover)
  transport.last().sink.open()
  expect(gaps).toEqual([{ reason: 'no-cursor' }])
})

test('a handover while it connects, and one while it waits, connect', () => {
  const { transport, connection } = connect()
  connection.restart()
  transport.last().sink.close(handover)
  expect([transport.attempts.length, connection.state.value.status]).toEqual([3, 'connecting'])
  transport.last().sink.interrupted()
  transport.last().sink.close(handover)
  expect([transport.attempts.length, connection.state.value.status]).toEqual([4, 'connecting'])
})

test('a swap asked for during a handover is made after it', () => {
  const { transport, connection } = connect()
  transport.last().sink.close(handover)
  connection.swap()
  expect(transport.attempts).toHaveLength(2)
  transport.last().sink.open()
  transport.last().sink.receive([], '0')
  expect(transport.attempts).toHaveLength(3)
  transport.last().sink.close(handover)
  expect(transport.attempts).toHaveLength(4)
  transport.last().sink.open()
  expect(transport.attempts.map(({ closed }) => closed)).toEqual([false, true, false, false])
})

test('what another tab has decided is not decided again', () => {
  const { transport, connection } = connect()
  const error = new StreamError('status', 'Cannot open the stream.', { status: 403 })
  transport.last().sink.close({ kind: 'closed', reason: 'refused', error })
  expect(connection.snapshot.value).toMatchObject({ status: 'closed', reason: 'refused', error })
})

test('an interruption says why, and until when; a further one says it anew', () => {
  const { transport, connection } = connect()
  const error = new StreamError('status', 'Cannot open the stream.', { status: 503 })
  transport.last().sink.interrupted(error, 1_000)
  expect(connection.snapshot.value).toMatchObject({ status: 'waiting', error, retryAt: 1_000 })
  const further = new StreamError('network', 'Cannot read on.')
  transport.last().sink.interrupted(further, 3_000)
  expect(connection.snapshot.value).toMatchObject({ error: further, retryAt: 3_000 })
})
