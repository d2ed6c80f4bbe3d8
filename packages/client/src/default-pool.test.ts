import { afterEach, expect, test } from 'vitest'
import { eventStream, setDefaultPool } from './default-pool.ts'
import { createPool, type Pool } from './pool.ts'
import { scriptedTransport } from './transport/scripted-transport.test.support.ts'

const pools: Pool[] = []
const restores: (() => void)[] = []

function replace(pool = createPool({ transport: scriptedTransport() })) {
  pools.push(pool)
  const restore = setDefaultPool(pool)
  restores.push(restore)
  return { pool, restore }
}

afterEach(() => {
  for (const restore of restores.splice(0)) restore()
  for (const pool of pools.splice(0)) pool.close()
})

/** The one of these pools that a new handle takes. */
function taken(among: readonly Pool[]): number {
  const stop = eventStream('https://example.test/').on('x', () => {})
  const index = among.findIndex(({ connections }) => connections.value.length > 0)
  for (const pool of among) pool.close()
  stop()
  return index
}

test('pools that are taken out in the reverse order give way to the one before', () => {
  const [first, second] = [replace(), replace()]
  const all = [first.pool, second.pool]
  expect(taken(all)).toBe(1)
  second.restore()
  expect(taken(all)).toBe(0)
  first.restore()
  expect(taken(all)).toBe(-1)
})

test('an older pool that is taken out first leaves the newer in, and does not come back', () => {
  const [first, second] = [replace(), replace()]
  const all = [first.pool, second.pool]
  first.restore()
  expect(taken(all)).toBe(1)
  second.restore()
  expect(taken(all)).toBe(-1)
})

test('taking out is done once, however often it is asked for', () => {
  const first = replace()
  first.restore()
  const second = replace()
  first.restore()
  expect(taken([first.pool, second.pool])).toBe(1)
})

test('one pool may be in twice', () => {
  const first = replace()
  const again = replace(first.pool)
  first.restore()
  expect(taken([first.pool])).toBe(0)
  again.restore()
  expect(taken([first.pool])).toBe(-1)
})
