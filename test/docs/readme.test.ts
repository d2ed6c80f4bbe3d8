import { fakeEventServer } from '@millrace/testing'
import { setupServer } from 'msw/node'
import { readFileSync } from 'node:fs'
import { afterEach, expect, test, vi } from 'vitest'

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')

afterEach(() => {
  vi.restoreAllMocks()
})

test('every snippet of the README is a file that is compiled and run', () => {
  const snippets = [...readme.matchAll(/^```tsx?\n(?<code>[^]*?)^```$/gm)].map(
    ({ groups }) => groups?.['code'] ?? '',
  )
  expect(snippets.length).toBeGreaterThan(3)
  for (const snippet of snippets) {
    const [, name] = /^\/\/ (\S+)\n/.exec(snippet) ?? []
    expect(snippet).toBe(readFileSync(new URL(`./${name}`, import.meta.url), 'utf8'))
  }
})

test('the snippet without a framework logs prices and volumes', async () => {
  const events = fakeEventServer('https://example.com/events')
  const server = setupServer(...events.handlers)
  server.listen({ onUnhandledFrame: 'error' })
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  const { stopPrice, stopVolume } = await import('./price.ts')
  await events.connected({ count: 1 })
  await events.send({ event: 'tick', data: { price: 41, size: 2 } })
  await events.send({ event: 'tick', data: { price: 41, size: 3 } })
  stopPrice()
  stopVolume()
  await events.reset()
  server.close()
  const logged = (name: string) => log.mock.calls.filter(([first]) => first === name)
  expect(logged('price').map(([, value]) => value)).toEqual([undefined, 41])
  expect(logged('volume').map(([, value]) => value)).toEqual([0, 2, 5])
})

test('the server of the snippet streams what it publishes', async () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  const { serving } = await import('./server.ts')
  const address = String(log.mock.calls[0]?.[0])
  const response = await fetch(address, { headers: { 'last-event-id': 'another-run-0' } })
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  await response.body?.cancel()
  await serving.close()
})
