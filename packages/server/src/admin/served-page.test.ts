import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { renderPage, servedPage } from '../../test/admin-page.ts'

test('the page that is served is made of its sources: `node packages/server/test/admin-page.ts` makes it', async () => {
  expect(readFileSync(servedPage, 'utf8')).toBe(await renderPage())
})
