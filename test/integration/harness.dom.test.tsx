import { fakeEventServer, manualClock } from '@millrace/testing/react'
import { useFakeTimers } from '@millrace/testing/vitest'
import { act, cleanup, render, screen } from '@testing-library/react'
import { createPool, json } from 'millrace'
import type { Pool } from 'millrace'
import { PoolProvider, useEventStream } from 'millrace/react'
import { setupServer } from 'msw/node'
import { StrictMode } from 'react'
import type { ReactElement } from 'react'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'

const events = fakeEventServer('/events')
const server = setupServer(...events.handlers)
const environment = globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }

const warn = vi.spyOn(console, 'error').mockImplementation((...words: unknown[]) => {
  if (String(words[0]).includes('act(')) throw new Error(words.join(' '))
})

beforeAll(() => {
  server.listen({ onUnhandledFrame: 'error' })
  environment.IS_REACT_ACT_ENVIRONMENT = true
})
afterAll(() => {
  server.close()
  warn.mockRestore()
})

let clock: ReturnType<typeof manualClock>
let pool: Pool

beforeEach(() => {
  clock = manualClock({ random: 0.5 })
  pool = createPool({ clock })
})
afterEach(async () => {
  cleanup()
  pool.close()
  await events.reset()
})

function Price(): ReactElement {
  const { data, status, error } = useEventStream('/events', {
    event: 'tick',
    decode: json<{ price: number }>(),
  })
  return (
    <p data-testid="price">
      {data?.price ?? 'none'} {status} {error?.code ?? 'fine'}
    </p>
  )
}

function Total(): ReactElement {
  const total = useEventStream('/events', {
    event: 'tick',
    decode: json<{ price: number }>(),
    reducer: (sum, { data }) => sum + data.price,
    initialValue: 0,
  })
  return <p data-testid="total">{total}</p>
}

function show(element: ReactElement): void {
  render(<PoolProvider pool={pool}>{element}</PoolProvider>)
}

const shown = (id: string): string | null => screen.getByTestId(id).textContent

test('a component shows what was sent, and is told how the connection stands', async () => {
  show(<Price />)
  expect(shown('price')).toBe('none idle fine')
  await events.connected()
  expect(shown('price')).toBe('none open fine')
  await events.send({ event: 'tick', data: { price: 1 } })
  expect(shown('price')).toBe('1 open fine')
})

test('fifty components share one connection, in strict mode too', async () => {
  show(
    <StrictMode>
      {Array.from({ length: 50 }, (_, index) => (
        <Price key={index} />
      ))}
      <Total />
    </StrictMode>,
  )
  await events.send({ event: 'tick', data: { price: 2 } })
  await events.send({ event: 'tick', data: { price: 3 } })
  expect(events.clients).toHaveLength(1)
  expect(events.log.filter(({ kind }) => kind === 'requested')).toHaveLength(1)
  expect(shown('total')).toBe('5')
})

test('after a drop the client is back when its clock has come to the retry, with its cursor', async () => {
  show(<Price />)
  await events.send({ event: 'tick', data: { price: 1 }, id: '17' })
  await events.drop()
  expect(shown('price')).toBe('1 waiting network')
  await clock.advance(499)
  expect(events.clients).toHaveLength(0)
  await clock.advance(1)
  expect(events.clients.map(({ lastEventId }) => lastEventId)).toEqual(['17'])
  expect(shown('price')).toBe('1 open fine')
})

test('a refusal with Retry-After is waited out', async () => {
  events.refuse({ status: 503, headers: { 'retry-after': '60' } })
  show(<Price />)
  await expect(events.connected()).rejects.toThrow('client 1 got 503')
  expect(shown('price')).toBe('none waiting status')
  events.accept()
  await clock.advance(59_999)
  expect(shown('price')).toBe('none waiting status')
  await clock.advance(30_000)
  expect(shown('price')).toBe('none open fine')
})

test('an unreachable server is tried again and again', async () => {
  events.unreachable()
  show(<Price />)
  await clock.advance(60_000)
  const attempts = events.log.filter(({ kind }) => kind === 'failed').length
  expect(attempts).toBeGreaterThan(4)
  expect(shown('price')).toBe('none waiting network')
  events.accept()
  await clock.advance(30_000)
  expect(shown('price')).toBe('none open fine')
})

test('an unmounted component leaves when it has lingered', async () => {
  show(<Price />)
  await events.connected()
  cleanup()
  await clock.advance(999)
  expect(events.clients).toHaveLength(1)
  await clock.advance(1)
  expect(events.clients).toHaveLength(0)
  expect(clock.pending).toBe(0)
})

test('a client of before a reset ends with it and does not come back', async () => {
  show(<Price />)
  await events.send({ event: 'tick', data: { price: 1 } })
  await events.reset()
  await clock.advance(60_000)
  expect(events.log.map(({ kind }) => kind)).toEqual(['requested', 'refused'])
  expect(shown('price')).toBe('1 closed fine')
})

test('another origin is reached, preflight and all', async () => {
  const elsewhere = fakeEventServer('https://elsewhere.test/events')
  server.use(...elsewhere.handlers)
  const heard: string[] = []
  const stream = pool.stream('https://elsewhere.test/events', {
    headers: { authorization: 'Bearer me' },
  })
  stream.on('message', ({ data }) => heard.push(data))
  const [client] = await elsewhere.connected()
  expect(client?.headers.get('authorization')).toBe('Bearer me')
  await elsewhere.send({ data: 'hello' })
  expect(heard).toEqual(['hello'])
  await elsewhere.drop()
  elsewhere.refuse({ status: 503 })
  await clock.advance(500)
  expect(stream.error.value?.status).toBe(503)
  stream.close()
  server.resetHandlers()
})

test('faked timers move the default clock', async () => {
  useFakeTimers()
  vi.spyOn(Math, 'random').mockReturnValue(0.5)
  pool = createPool()
  show(<Price />)
  await events.send({ event: 'tick', data: { price: 1 } })
  await events.end()
  act(() => void vi.advanceTimersByTime(499))
  await expect(events.connected()).rejects.toMatchObject({ code: 'not-connected' })
  act(() => void vi.advanceTimersByTime(1))
  await events.connected()
  await events.send({ event: 'tick', data: { price: 2 } })
  expect(shown('price')).toBe('2 open fine')
  vi.restoreAllMocks()
})
