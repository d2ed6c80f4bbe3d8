import { expect, test } from 'vitest'
import type { Visitor } from '../visitor.ts'

/** What is so of the page /log. */
export function logFacts(visitor: Visitor): void {
  test('at full speed, and through a drop, no line is missed and React renders once a frame', async () => {
    const { page } = visitor
    await visitor.received(1_000)
    await page.getByRole('button', { name: 'Drop connection' }).click()
    await visitor.received(5_000)
    expect(await visitor.figures('missed', 'doubled')).toEqual(['0', '0'])
    expect(Number(await visitor.figure('renders').textContent())).toBeLessThanOrEqual(61)
  })

  test('paused it can be searched, while lines go on being received', async () => {
    const { page } = visitor
    await page.getByRole('button', { name: 'Pause' }).click()
    await page.getByLabel('Filter').first().fill('a branch')
    const rows = page.locator('.rows li')
    const shown = await rows.allTextContents()
    expect(shown.every((text) => text.includes('grate: a branch'))).toBe(true)
    expect(shown.length).toBeLessThan(30)
    const before = await visitor.figure('received').textContent()
    await page.waitForFunction(
      (was) => document.querySelector('[data-figure=received]')?.textContent !== was,
      before,
    )
    expect(await rows.allTextContents()).toEqual(shown)
  })
}
