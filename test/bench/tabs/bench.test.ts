import { expect, test } from 'vitest'
import { inShort } from '../in-short.ts'

test('a tab that follows, and one that takes over, hear each event once, in order', async () => {
  const said = await inShort(new URL('bench.ts', import.meta.url))
  expect(said).toMatch(/^Every tab heard everything, once and in order, in \d+ runs\.$/m)
})
