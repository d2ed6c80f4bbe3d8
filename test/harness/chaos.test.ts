import { setupServer } from 'msw/node'
import { expect, test } from 'vitest'
import { rounds } from '../environment/rounds.ts'
import { runThroughChaos } from './chaos.ts'
import type { Reach } from './chaos.ts'

const directly: Reach = ({ fetch: direct }) => ({ fetch: direct, close: () => {} })
const throughMsw: Reach = (events) => {
  const server = setupServer(...events.handlers)
  server.listen({ onUnhandledFrame: 'error' })
  return { fetch: (input, init) => fetch(input, init), close: () => server.close() }
}

const seeds = rounds(40, 1_000)

test(`through ${seeds} kinds of chaos, every client hears every event once, in order`, async () => {
  for (let seed = 1; seed <= seeds; seed += 1) {
    const { heard, sent } = await runThroughChaos({ seed }, directly)
    for (const own of heard) expect(own, `with the seed ${seed}`).toEqual(sent)
  }
})

const worst = rounds(5, 200)

test(`so it does through ${worst} kinds of the worst, through MSW`, async () => {
  for (let seed = 1; seed <= worst; seed += 1) {
    const chances = { drop: 0.4, split: 1, delay: 0.6, duplicate: 1, refuse: 0.3, reorder: 1 }
    const { heard, sent } = await runThroughChaos({ seed, ...chances }, throughMsw)
    for (const own of heard) expect(own, `with the seed ${seed}`).toEqual(sent)
  }
})

for (const [name, reach] of [
  ['directly', directly],
  ['through MSW', throughMsw],
] as const) {
  test(`the same seed makes the same run, and another one another, ${name}`, async () => {
    const [first, again, other] = [
      await runThroughChaos({ seed: 7 }, reach),
      await runThroughChaos({ seed: 7 }, reach),
      await runThroughChaos({ seed: 8 }, reach),
    ]
    expect(again.log).toEqual(first.log)
    expect(other.log).not.toEqual(first.log)
    expect(first.log.filter(({ kind }) => kind === 'closed').length).toBeGreaterThan(2)
  })
}
