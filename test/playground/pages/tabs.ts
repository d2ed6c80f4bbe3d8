import { test } from 'vitest'
import type { Visitor } from '../visitor.ts'

/** What is so of the page /tabs. */
export function tabsFacts(visitor: Visitor): void {
  test('all tabs hold one connection; when the one that leads reloads or hangs, another goes on, and none misses a beat', async ({
    expect,
  }) => {
    const { page } = visitor
    await page.getByText('This tab leads').waitFor()
    await expect.poll(async () => page.title()).toMatch(/^leads · /)
    const [other] = await Promise.all([
      page.context().waitForEvent('page'),
      page.getByRole('link', { name: 'Open another tab' }).click(),
    ])
    await other.getByText('This tab follows').waitFor()
    const open = async () => (await visitor.serverStatus('/tabs')).connections[0]?.open
    expect(await open()).toBe(1)
    await visitor.received(10)
    await page.reload()
    await other.getByText('This tab leads').waitFor()
    await page.getByText('This tab follows').waitFor()
    const hung = other.getByRole('button', { name: /^Hang/ }).click()
    hung.catch(() => {})
    await page.getByText('This tab leads').waitFor()
    await other.close()
    const before = Number(await visitor.figure('received').textContent())
    await visitor.received(before + 10)
    expect(await visitor.figures('missed', 'doubled')).toEqual(['0', '0'])
    await expect.poll(open).toBe(1)
  })
}
