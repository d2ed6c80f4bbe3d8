import { expect, test } from 'vitest'
import { inShort } from '../in-short.ts'

test('in Node and in Chromium everyone who is compared hears each event once, in order', async () => {
  const said = await inShort(new URL('bench.ts', import.meta.url))
  expect(said).toMatch(/^Everyone heard everything, once and in order, in \d+ runs\.$/m)
})
