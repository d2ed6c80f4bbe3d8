import { beforeAll, expect, test } from 'vitest'
import { runFixture } from './fixture.ts'
import type { Outcome } from './fixture.ts'

for (const globals of [false, true]) {
  const where = globals ? 'with globals' : 'without globals'
  let outcome: Outcome
  const of = (name: string): string | undefined => outcome.tests.get(name)

  beforeAll(async () => {
    outcome = await runFixture('endings.tsx', { globals })
  }, 60_000)

  test(`${where}, a leak fails the test that made it, named, and no other`, () => {
    expect(of('a stream is left open')).toBe(
      'Cannot end "a stream is left open": it has left open client 1 (GET http://localhost:3000/events?channel=pets on pets) at /events. Close that client, or close its pool in `after`.',
    )
  })

  test(`${where}, what is left mounted, and lingers on purpose, is cleaned up and no leak`, () => {
    expect(of('a component is left mounted, and its pool to linger')).toBe('passed')
    expect(of('the page is empty')).toBe('passed')
  })

  test(`${where}, a test that fails tells the seed of its chaos`, () => {
    expect(of('it fails in chaos')).toContain('expected 1 to be 2')
    expect(outcome.printed).toContain(
      'There was chaos at /events; events.chaos({ seed: 4711 }) makes the same again.',
    )
  })

  test(`${where}, what goes wrong after a test fails it`, () => {
    expect(of('after throws')).toBe('of after')
  })

  test(`${where}, findBy works with faked timers, which are real again afterwards`, () => {
    expect(of('timers are faked')).toBe('passed')
    expect(of('timers are real again')).toBe('passed')
  })

  test(`${where}, sends overlap, in strict mode, and clients of every kind are rendered`, () => {
    expect(of('sends overlap')).toBe('passed')
    expect(of('an EventSource of a component comes and goes')).toBe('passed')
  })

  test(`${where}, what nobody awaits is rendered, and the environment is what it was`, () => {
    expect(of('nobody awaits a send, but what it renders')).toBe('passed')
  })

  test(`${where}, React warns of nothing`, () => {
    expect(outcome.printed).not.toMatch(/act\(|Warning|not configured/)
  })
}
