import { covers, createEventServer } from '@millrace/server'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { rounds } from '../environment/rounds.ts'

const channel = fc.constantFrom('a', 'a/b', 'a/b/c', 'd', 'ab')
const channels = fc.uniqueArray(channel, { maxLength: 3 })

const hears = (own: readonly string[], published: readonly string[]): boolean =>
  published.length === 0 || published.some((name) => own.some((one) => covers(one, name)))

test('without a replay, exactly those are told of a gap who have missed something', async () => {
  const holds = fc.asyncProperty(fc.array(channels), channels, async (all, own) => {
    const events = createEventServer({ epoch: 'e' })
    for (const names of all) {
      await (names.length === 0 ? events.broadcast({}) : events.publish(names, {}))
    }
    const query = own.map((name) => `channel=${name}`).join('&')
    const answers = all.map((_, n) =>
      events.fetch(
        new Request(`http://localhost/?${query}`, { headers: { 'last-event-id': `e-${n + 1}` } }),
      ),
    )
    const responses = await Promise.all(answers)
    await events.close()
    const texts = await Promise.all(responses.map((response) => response.text()))
    const told = texts.map((text) => text.includes('event: millrace-reset\n'))
    expect(told).toEqual(all.map((_, n) => all.slice(n + 1).some((names) => hears(own, names))))
  })
  await fc.assert(holds, { numRuns: rounds(100, 5_000) })
})
