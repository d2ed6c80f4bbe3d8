import { act, cleanup, render } from '@testing-library/react'
import { createPool, json } from 'millrace'
import { useEventStream } from 'millrace/react'
import { Profiler, type ReactElement } from 'react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { scriptedServer } from './scripted-server.ts'

const TYPES = 50
const COMPONENTS = 1_000

let frames: (() => void)[]

beforeEach(() => {
  frames = []
  vi.stubGlobal('requestAnimationFrame', (callback: () => void) => frames.push(callback))
  vi.stubGlobal('cancelAnimationFrame', () => {})
})
afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

function frame(): void {
  const due = frames
  frames = []
  for (const callback of due) callback()
}

/** A thousand components on one stream of fifty types, half of which select. */
async function mount(commit: 'chunk' | 'frame') {
  const server = scriptedServer()
  const pool = createPool({ transport: server.transport, commit })
  const events = Object.fromEntries(
    Array.from({ length: TYPES }, (_, n) => [`t${n}`, json<{ price: number; size: number }>()]),
  )
  const market = pool.stream('/events', { events })
  const renders = new Map<string, number>()
  const counted = (n: number, shown: unknown): ReactElement => {
    const type = `t${n % TYPES}`
    renders.set(type, (renders.get(type) ?? 0) + 1)
    return <td>{String(shown)}</td>
  }
  function Price({ n }: { n: number }): ReactElement {
    return counted(n, useEventStream(market, { event: `t${n % TYPES}` }).data?.price)
  }
  function Selected({ n }: { n: number }): ReactElement {
    const event = `t${n % TYPES}`
    return counted(n, useEventStream(market, { event, select: ({ data }) => data.price }))
  }
  let commits = 0
  const { container } = render(
    <Profiler id="all" onRender={() => (commits += 1)}>
      <table>
        <tbody>
          <tr>
            {Array.from({ length: COMPONENTS }, (_, n) =>
              n % 100 < TYPES ? <Price key={n} n={n} /> : <Selected key={n} n={n} />,
            )}
          </tr>
        </tbody>
      </table>
    </Profiler>,
  )
  await act(async () => {
    await Promise.resolve()
  })
  renders.clear()
  commits = 0
  const tick = (type: number, price: number, size = 1): [string, string] => [
    `t${type}`,
    JSON.stringify({ price, size }),
  ]
  return { server, pool, renders, commits: () => commits, container, tick }
}

const each = COMPONENTS / TYPES

test('of a thousand components only those render whose value changed, once for each chunk', async () => {
  const { server, pool, renders, commits, container, tick } = await mount('chunk')
  expect(server.requests).toHaveLength(1)
  act(() => server.send(tick(3, 1), tick(3, 2), tick(7, 5), tick(3, 3)))
  expect(Object.fromEntries(renders)).toEqual({ t3: each, t7: each })
  expect(commits()).toBe(1)
  const shown = [...container.querySelectorAll('td')].map((cell) => cell.textContent)
  for (let n = 0; n < COMPONENTS; n += 1) {
    expect(shown[n]).toBe({ 3: '3', 7: '5' }[n % TYPES] ?? 'undefined')
  }
  renders.clear()
  // The same price in another event: half of them select it, and do not care.
  act(() => server.send(tick(3, 3, 2)))
  expect(Object.fromEntries(renders)).toEqual({ t3: each / 2 })
  act(() => server.send(['nobody', '1']))
  expect(commits()).toBe(2)
  pool.close()
})

test('by frame, however many chunks come between, they render once', async () => {
  const { server, pool, renders, commits, container, tick } = await mount('frame')
  for (let price = 0; price < 100; price += 1) act(() => server.send(tick(price % 5, price)))
  expect(commits()).toBe(0)
  act(frame)
  expect(Object.fromEntries(renders)).toEqual(
    Object.fromEntries(Array.from({ length: 5 }, (_, n) => [`t${n}`, each])),
  )
  expect(commits()).toBe(1)
  expect(container.querySelector('td')?.textContent).toBe('95')
  pool.close()
})

test.each([
  ['URLs', (n: number) => ({ url: `/${n}` })],
  ['keys', (n: number) => ({ url: '/', key: `${n}` })],
  ['headers', (n: number) => ({ url: '/', headers: { a: `${n}` } })],
])(
  'components that mount together, each with its own of the %s, are not compared each with each',
  async (_, own) => {
    const looked = vi.fn<() => number>(() => 1)
    function Reader({ n }: { n: number }): ReactElement {
      const { url, ...options } = own(n)
      const retry = Object.defineProperty({}, 'factor', { get: looked, enumerable: true })
      return <i>{useEventStream(url, { retry, ...options, enabled: false }).status}</i>
    }
    const looksOf = async (count: number): Promise<number> => {
      looked.mockClear()
      render(Array.from({ length: count }, (_, n) => <Reader key={n} n={n} />))
      await act(() => Promise.resolve())
      return looked.mock.calls.length
    }
    expect(await looksOf(200)).toBe(2 * (await looksOf(100)))
  },
)
