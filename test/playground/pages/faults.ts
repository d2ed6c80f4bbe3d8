import { expect, test } from 'vitest'
import { labFaults, type LabFault } from '../../../playground/wire/faults.ts'
import type { Visitor } from '../visitor.ts'

/** What is so of the page /faults. */
export function faultsFacts(visitor: Visitor): void {
  test('has a button for each fault, and says what comes of it before it is pressed', async () => {
    const { page } = visitor
    const plans = Object.values(labFaults)
    const told = await page.evaluate(
      statementsOf,
      plans.map(({ name }) => name),
    )
    expect(told).toEqual(
      plans.map(({ name, server, client }) => [
        name,
        `The server ${server}`,
        `The client ${client}`,
      ]),
    )
  })

  test('a stream that breaks inside an event is back, and nothing is missed', async () => {
    const { page } = visitor
    await visitor.received(2)
    await page.getByRole('button', { name: labFaults.torn.name }).click()
    await happens('failed')
    await happens('opened')
    await visitor.received(4)
    expect(await visitor.figures('missed', 'doubled')).toEqual(['0', '0'])
  })

  test('what the server refuses is closed, with the reason, until it is asked for again', async () => {
    const { page } = visitor
    await page.getByRole('button', { name: '404' }).click()
    await visitor.statusIs('closed')
    const facts = await page.locator('.facts').innerText()
    expect(facts).toContain('refused')
    expect(facts).toContain('the server answered with status 404')
    await page.getByRole('button', { name: 'Mend it all' }).click()
    await visitor.statusIs('open')
  })

  test('what another origin keeps from the page is a failed request, and is tried again', async () => {
    const { page } = visitor
    await inflict('cors')
    await happens('opened')
    const newestFirst = await page.locator('.timeline li').allInnerTexts()
    const since = newestFirst.slice(
      0,
      newestFirst.findIndex((text) => text.includes('You: ')),
    )
    // The drop, and each request that was sent to the other origin.
    expect(since.filter((text) => text.includes('failed'))).toHaveLength(3)
    expect(await visitor.figures('missed')).toEqual(['0'])
  })

  test('late, out of order or twice, what the server sends is told as it is', async () => {
    await inflict('late')
    await inflict('order')
    await visitor.figureIs('disordered', '2')
    await inflict('repeat')
    await visitor.figureIs('doubled', '1')
    expect(await visitor.figures('missed')).toEqual(['0'])
  })

  test('through a storm, every event is heard once', async () => {
    const { page } = visitor
    const [doubled] = await visitor.figures('doubled')
    await page.getByLabel('Seed').fill('3')
    await inflict('storm')
    await happens('failed')
    await happens('opened')
    await page.getByRole('button', { name: 'Mend it all' }).click()
    await visitor.statusIs('open')
    expect(await visitor.figures('missed', 'doubled')).toEqual(['0', doubled])
    await page.getByText('Seed 3.').waitFor()
  })

  async function inflict(fault: LabFault): Promise<void> {
    await visitor.page.getByRole('button', { name: labFaults[fault].name, exact: true }).click()
  }

  /** Waits until the timeline has this after what was done last. */
  async function happens(what: string): Promise<void> {
    await visitor.page.waitForFunction((wanted) => {
      const newestFirst = [...document.querySelectorAll<HTMLElement>('.timeline li')]
      const since = newestFirst.findIndex(({ dataset }) => dataset['kind'] === 'fault')
      return newestFirst.slice(0, since).some(({ innerText }) => innerText.includes(wanted))
    }, what)
  }
}

/** What the page says of each button that is looked at. */
async function statementsOf(names: readonly string[]): Promise<string[][]> {
  const buttons = [...document.querySelectorAll('button')]
  const statement = document.querySelector('.statement')
  const told: string[][] = []
  for (const name of names) {
    buttons.find(({ textContent }) => textContent === name)?.focus()
    while (statement?.firstElementChild?.textContent !== name) {
      // oxlint-disable-next-line no-await-in-loop -- there is one focus
      await new Promise(requestAnimationFrame)
    }
    told.push(Array.from(statement.children, ({ textContent }) => textContent))
  }
  return told
}
