import { expect, test } from 'vitest'
import { notFound } from '../../../playground/pages.ts'
import type { Visitor } from '../visitor.ts'

/** What is so where there is no page. */
export function nowhereFacts(visitor: Visitor): void {
  test('the server says that there is no such page, and the way to the others is there', async () => {
    const { page, visit } = visitor
    const response = await page.goto(`${visit.url}/nowhere`)
    expect(response?.status()).toBe(404)
    await page.getByRole('heading', { level: 1, name: notFound.title }).waitFor()
    await page.getByRole('link', { name: 'Home', exact: true }).waitFor()
  })

  test('the keyboard gets past the navigation at once', async () => {
    const { page } = visitor
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('content')
  })
}
