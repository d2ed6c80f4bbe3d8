import { expect, test } from 'vitest'
import { inShort } from '../in-short.ts'

test('in every scenario each server has each message arrive once, in order', async () => {
  const said = await inShort(new URL('bench.ts', import.meta.url))
  expect(said).toMatch(/^All arrived, once and in order, in \d+ runs\.$/m)
})
