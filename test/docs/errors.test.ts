import { readFileSync } from 'node:fs'
import { fakeEventServer } from '@millrace/testing'
import { createPool, setDefaultPool, StreamError } from 'millrace'
import { expect, test, vi } from 'vitest'

const root = new URL('../../', import.meta.url)
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8')

const sets = [
  ['The client', 'StreamErrorCode', 'packages/client/src/errors.ts'],
  ['The server', 'EventServerErrorCode', 'packages/server/src/error.ts'],
  ['The harness', 'HarnessErrorCode', 'packages/testing/src/error.ts'],
] as const

test.each(sets)(
  '%s: the page has every code of an error, in order, and no other',
  (title, type, path) => {
    const [, section = ''] = read('docs/errors.md').split(`## ${title}\n`)
    const told = [...(section.split('\n## ')[0] ?? '').matchAll(/^\| `([a-z-]+)`/gm)]
    const [, union = ''] = read(path).split(`export type ${type} =\n`)
    const codes = [...(union.split('\n\n')[0] ?? '').matchAll(/'([a-z-]+)'/g)]
    expect(codes.length).toBeGreaterThan(5)
    expect(told.map(([, code]) => code)).toEqual(codes.map(([, code]) => code))
  },
)

test('the orders of the page tell what is wrong with them', async () => {
  const warned = vi.spyOn(console, 'warn').mockReturnValue()
  const events = fakeEventServer('http://localhost/orders')
  const pool = createPool({
    fetch: (input, init) => events.fetch(new URL(input as string, 'http://localhost'), init),
  })
  setDefaultPool(pool)
  vi.stubGlobal('location', new URL('http://localhost/'))
  const { orders, trouble } = await import('./errors/orders.ts')
  orders.on('order', () => {})
  await events.connected()
  await events.send({ event: 'order', data: '{' })
  const [[code, , data]] = warned.mock.calls as [[string, string, string]]
  expect([code, data]).toEqual(['decode', '{'])
  events.refuse({ status: 401 })
  orders.reconnect()
  await events.flush()
  expect(trouble(orders.error.value as StreamError)).toBe('Sign in again.')
  pool.close()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})
