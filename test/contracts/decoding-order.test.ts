import { array, assert, asyncProperty, constantFrom, nat } from 'fast-check'
import { createPool, json, type StandardSchema } from 'millrace'
import { expect, test } from 'vitest'
import { rounds } from '../environment/rounds.ts'
import { scriptedServer } from '../react/scripted-server.ts'

/** A schema that takes as long as the test says, and the payloads it is at. */
function slowSchema() {
  const waiting: (() => void)[] = []
  const schema: StandardSchema = {
    '~standard': {
      version: 1,
      vendor: 'test',
      validate: (value) =>
        new Promise((resolve) => {
          waiting.push(() => resolve({ value }))
        }),
    },
  }
  return { schema, waiting }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

test('whatever is decoded when, and whoever stops when, each hears all that is its own, in order', async () => {
  const types = ['slow', 'quick', 'other']
  await assert(
    asyncProperty(
      array(constantFrom(...types), { minLength: 1, maxLength: 40 }),
      array(nat(100), { maxLength: 40 }),
      nat(40),
      async (sent, order, stopAt) => {
        const { schema, waiting } = slowSchema()
        const { transport, send } = scriptedServer()
        using pool = createPool({ transport })
        const stream = pool.stream('http://localhost/events', {
          events: { slow: schema, other: schema, quick: json<unknown>() },
        })
        const heard: Record<string, unknown[]> = {}
        const hear = (name: string, read: string | readonly string[]) => {
          const list: unknown[] = (heard[name] = [])
          return stream.on(read as 'slow', (event) => list.push(event.data))
        }
        for (const type of types) hear(type, type)
        hear('*', '*')
        hear('both', ['slow', 'quick'])
        const stop = hear('leaver', '*')
        await turn()
        const picks = [...order]
        const decode = async () => {
          for (const pick of picks.splice(0, 3)) waiting.splice(pick % waiting.length, 1)[0]?.()
          await turn()
        }
        for (const [n, type] of sent.entries()) {
          send([type, String(n)])
          if (n === stopAt) stop()
          // oxlint-disable-next-line no-await-in-loop
          if (n % 3 === 0) await decode()
        }
        for (const pass of waiting.splice(0)) pass()
        await turn()
        const sentOf = (...read: string[]) =>
          sent.flatMap((type, n) => (read.includes(type) ? [n] : []))
        for (const type of types) expect(heard[type]).toEqual(sentOf(type))
        expect(heard['*']).toEqual(sentOf(...types))
        expect(heard['both']).toEqual(sentOf('slow', 'quick'))
        const before = heard['leaver'] ?? []
        expect(sentOf(...types).slice(0, before.length)).toEqual(before)
      },
    ),
    { numRuns: rounds(60, 2_000) },
  )
})
