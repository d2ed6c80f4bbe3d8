import { expect, test } from 'vitest'
import { inShort } from '../in-short.ts'

test('each event is rendered once by each component that reads it and by no other, and unmounting leaves nothing behind', async () => {
  const said = await inShort(new URL('bench.ts', import.meta.url))
  expect(said).toMatch(/^Everyone rendered what was his, and left nothing behind, in 9 runs\.$/m)
})
