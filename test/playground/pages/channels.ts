import { test } from 'vitest'
import type { Visitor } from '../visitor.ts'

/** What is so of the page /channels. */
export function channelsFacts(visitor: Visitor): void {
  test('one connection asks for what is read, and not for what a parent holds', async ({
    expect,
  }) => {
    const { page } = visitor
    await expect.poll(asked).toEqual(['1: pets/dogs'])
    await page.getByLabel('petshop', { exact: true }).check()
    await expect.poll(asked).toEqual(['1: pets/dogs petshop'])
    await page.getByLabel('pets', { exact: true }).check()
    await expect.poll(asked).toEqual(['1: pets petshop'])
    await page.getByLabel('petshop', { exact: true }).uncheck()
    await expect.poll(asked).toEqual(['1: pets'])
  })

  test('whoever reads the channel or one above it hears a sighting, once', async ({ expect }) => {
    const { page } = visitor
    await page.getByLabel('pets', { exact: true }).check()
    await expect.poll(asked).toEqual(['1: pets'])
    const heard = page.getByRole('log', { name: 'What arrives' })
    await page.getByRole('button', { name: 'Publish to petshop' }).click()
    await page.getByRole('button', { name: 'Publish to pets/dogs/corgis' }).click()
    await heard.getByText('heard by pets/dogs, pets').waitFor()
    expect(await heard.getByText('petshop').count()).toBe(0)
    expect(await visitor.figures('doubled')).toEqual(['0'])
  })

  /** The connections to the channels' server, counted: which channels each asks for. */
  async function asked(): Promise<string[]> {
    const { connections } = await visitor.serverStatus('/channels')
    return connections.map(({ url, open }) => {
      const { searchParams } = new URL(url, visitor.visit.url)
      return `${open}: ${searchParams.getAll('channel').toSorted().join(' ')}`
    })
  }
}
