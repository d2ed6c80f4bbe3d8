import { expect, test } from 'vitest'
import { inShort } from '../in-short.ts'

test('whatever grows, each event is heard by who reads it, and a history ends with the newest', async () => {
  const said = await inShort(new URL('bench.ts', import.meta.url))
  expect(said).toMatch(/^Everything was heard, in 5 runs\.$/m)
})
