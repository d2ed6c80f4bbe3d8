import { act, cleanup, fireEvent, render, screen } from '@testing-library/react'
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

function Button({ onClick }: { readonly onClick: () => void }): ReactElement {
  return <button onClick={onClick}>go</button>
}

test('a call in an event handler is rendered, and so is what follows', async () => {
  let sent: Promise<void> | undefined
  render(<Button onClick={() => void (sent = events.send({ data: 'a' }))} />)
  render(<StateView />)
  await events.connected()
  fireEvent.click(screen.getByText('go'))
  await sent
  expect(shown('state')).toBe('a')
  act(() => void (sent = events.send({ data: 'b' })))
  await sent
  expect(shown('state')).toBe('b')
  render(<StoreView />)
  expect(shown('store')).toBe('none')
  await events.connected({ count: 2 })
})

test('a call in an asynchronous act is rendered when that is over', async () => {
  render(<StateView />)
  await act(async () => {
    await events.send({ data: 'a' })
  })
  expect(shown('state')).toBe('a')
})

test('where the act environment is switched off, it stays off', async () => {
  environment.IS_REACT_ACT_ENVIRONMENT = false
  const seen: unknown[] = []
  render(<StateView />)
  const sent = events.send({ data: 'a' })
  seen.push(environment.IS_REACT_ACT_ENVIRONMENT)
  await sent
  seen.push(environment.IS_REACT_ACT_ENVIRONMENT)
  environment.IS_REACT_ACT_ENVIRONMENT = true
  expect(seen).toEqual([false, false])
  expect(shown('state')).toBe('a')
})

test('where there was no act environment, there is none afterwards', async () => {
  delete environment.IS_REACT_ACT_ENVIRONMENT
  render(<StateView />)
  await events.send({ data: 'a' })
  expect(environment.IS_REACT_ACT_ENVIRONMENT).toBeUndefined()
  environment.IS_REACT_ACT_ENVIRONMENT = true
  expect(shown('state')).toBe('a')
})

test('an act environment that somebody has set meanwhile stays as they left it', async () => {
  delete environment.IS_REACT_ACT_ENVIRONMENT
  render(<StateView />)
  const sent = events.send({ data: 'a' })
  environment.IS_REACT_ACT_ENVIRONMENT = false
  await sent
  expect(environment.IS_REACT_ACT_ENVIRONMENT).toBe(false)
  environment.IS_REACT_ACT_ENVIRONMENT = true
})

test('an option that is undefined leaves act around what is delivered', async () => {
  const options: object = { wrap: undefined }
  const own = fakeEventServer('/own', options)
  delete environment.IS_REACT_ACT_ENVIRONMENT
  const looked = own.connected()
  expect(environment.IS_REACT_ACT_ENVIRONMENT).toBe(true)
  await expect(looked).rejects.toMatchObject({ code: 'not-connected' })
  environment.IS_REACT_ACT_ENVIRONMENT = true
})
