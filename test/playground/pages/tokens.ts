import { expect, test } from 'vitest'
import type { Visitor } from '../visitor.ts'

/** What is so of the page /tokens. */
export function tokensFacts(visitor: Visitor): void {
  test('the whole answer is there when it says that it is complete', async () => {
    const { page } = visitor
    await page.getByRole('button', { name: 'Ask' }).click()
    await page.getByText(/^Complete: 64 tokens/).waitFor()
    expect(await page.locator('.answer > p').textContent()).toMatch(/^A millrace .* each wheel\.$/)
  })

  test('an answer is complete, or was broken off, and only its reader sends it again', async () => {
    const { page } = visitor
    const sent = visitor.countRequests('/tokens/answer')
    await page.getByLabel('On the way').selectOption('break')
    await page.getByRole('button', { name: 'Ask' }).click()
    await page.getByText(/^Broken off after \d+ tokens/).waitFor()
    expect(sent()).toBe(1)
    await page.getByRole('button', { name: 'Send again' }).first().click()
    await page.getByText('sent 2 times, by you').waitFor()
    await page.getByText(/^Broken off after \d+ tokens/).waitFor()
    expect(sent()).toBe(2)
  })

  test('whoever stops an answer keeps what has come of it', async () => {
    const { page } = visitor
    await page.getByLabel('On the way').selectOption('silence')
    await page.getByRole('button', { name: 'Ask' }).click()
    await page.getByText('The answer is coming.').waitFor()
    await page.getByRole('button', { name: 'Stop' }).click()
    await page.getByText(/^You stopped it after \d+ tokens/).waitFor()
    expect(await page.locator('.answer > p').first().textContent()).toMatch(/^A millrace/)
  })
}
