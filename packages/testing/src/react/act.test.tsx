import { cleanup, render, screen } from '@testing-library/react'
import { setupServer } from 'msw/node'
import { useEffect, useState, useSyncExternalStore } from 'react'
import type { ReactElement } from 'react'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { fakeEventServer } from './index.ts'

const events = fakeEventServer('/events')
const server = setupServer(...events.handlers)
const environment = globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }

const warn = vi.spyOn(console, 'error').mockImplementation((...words: unknown[]) => {
  throw new Error(words.join(' '))
})

beforeAll(() => {
  server.listen({ onUnhandledFrame: 'error' })
  environment.IS_REACT_ACT_ENVIRONMENT = true
})
afterEach(async () => {
  cleanup()
  await events.reset()
})
afterAll(() => {
  server.close()
  warn.mockRestore()
})

async function follow(signal: AbortSignal, tell: (data: string) => void): Promise<void> {
  try {
    const response = await fetch('/events', { signal })
    const reader = response.body?.getReader()
    const decoder = new TextDecoder()
    for (;;) {
      const { done = true, value } = (await reader?.read()) ?? {}
      if (done) break
      for (const [, data = ''] of decoder.decode(value).matchAll(/^data: (.*)$/gm)) tell(data)
    }
    tell('ended')
  } catch {
    if (!signal.aborted) tell('broken')
  }
}

function StateView(): ReactElement {
  const [data, setData] = useState('none')
  useEffect(() => {
    const abort = new AbortController()
    void follow(abort.signal, setData)
    return () => abort.abort()
  }, [])
  return <p data-testid="state">{data}</p>
}

function createStore(): {
  subscribe: (changed: () => void) => () => void
  get: () => string
} {
  let data = 'none'
  return {
    subscribe: (changed) => {
      const abort = new AbortController()
      void follow(abort.signal, (next) => {
        data = next
        changed()
      })
      return () => abort.abort()
    },
    get: () => data,
  }
}

function StoreView(): ReactElement {
  const [store] = useState(createStore)
  return <p data-testid="store">{useSyncExternalStore(store.subscribe, store.get)}</p>
}

function Parent(): ReactElement {
  const [count, setCount] = useState(0)
  useEffect(() => {
    const abort = new AbortController()
    void follow(abort.signal, () => setCount((before) => before + 1))
    return () => abort.abort()
  }, [])
  return count > 0 ? <StateView /> : <p>none</p>
}

const shown = (id: string): string | null => screen.getByTestId(id).textContent

test('what is sent has been rendered when send resolves, state and stores alike', async () => {
  render(
    <>
      <StateView />
      <StoreView />
    </>,
  )
  await events.connected({ count: 2 })
  for (const data of ['a', 'b', 'c']) {
    await events.send({ data })
    expect([shown('state'), shown('store')]).toEqual([data, data])
  }
})

test('a drop and an end have been rendered when they resolve', async () => {
  render(<StateView />)
  await events.connected()
  await events.end()
  expect(shown('state')).toBe('ended')
  cleanup()
  render(<StateView />)
  await events.connected()
  await events.drop()
  expect(shown('state')).toBe('broken')
})

test('sends in parallel do not overlap', async () => {
  render(<StateView />)
  await Promise.all([
    events.connected(),
    events.send({ data: 'a' }),
    events.send({ data: 'b' }),
    events.send({ data: 'c' }),
  ])
  expect(shown('state')).toBe('c')
  render(<StoreView />)
  await events.send({ data: 'd' })
  expect([shown('state'), shown('store')]).toEqual(['d', 'd'])
})

test('a component that an event has brought in is connected when send resolves', async () => {
  render(<Parent />)
  await events.send({ data: 'show' })
  expect(events.clients).toHaveLength(2)
})

test('the act environment is as it was before', async () => {
  environment.IS_REACT_ACT_ENVIRONMENT = false
  render(<StateView />)
  await events.send({ data: 'a' })
  expect(environment.IS_REACT_ACT_ENVIRONMENT).toBe(false)
  environment.IS_REACT_ACT_ENVIRONMENT = true
})
