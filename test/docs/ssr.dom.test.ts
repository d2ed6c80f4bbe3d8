import { fakeEventServer, manualClock } from '@millrace/testing/react'
import { createPool, setDefaultPool } from 'millrace'
import { act } from 'react'
import { afterEach, expect, test, vi } from 'vitest'
import { events, setPrice } from './ssr/prices.ts'
import { render } from './ssr/server.tsx'

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

test('the page of the documentation is rendered with its snapshot, and goes on from there', async () => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)
  const complained = vi.spyOn(console, 'error')
  const asked: (string | null)[] = []
  const pool = createPool({
    clock: manualClock(),
    fetch: (input, init) => {
      const request = new Request(input, init)
      asked.push(request.headers.get('last-event-id'))
      return events.fetch(request)
    },
  })
  setDefaultPool(pool)
  const fake = fakeEventServer('/unused')

  await setPrice(101)
  const html = render()
  expect(asked).toEqual([])
  await setPrice(102)
  document.body.innerHTML = html
  const shown = () => document.querySelector('output')?.textContent
  expect(shown()).toBe('101')

  const { root } = await act(() => import('./ssr/client.tsx'))
  await act(() => fake.flush())
  expect(asked).toHaveLength(1)
  expect(shown()).toBe('102')
  expect(complained).not.toHaveBeenCalled()
  act(() => root.unmount())
  pool.close()
  await events.close()
})
