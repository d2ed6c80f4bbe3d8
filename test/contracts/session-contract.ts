import { createEventServer, finiteReplay } from '@millrace/server'
import type { DisconnectReason, EventServerOptions, Session } from '@millrace/server'
import { afterEach, describe, expect, test } from 'vitest'
import { rounds } from '../environment/rounds.ts'
import { until } from '../environment/until.ts'
import type { Carrier, Mounted } from './session-carriers.ts'
import type { Reading } from './session-reading.ts'

/** What a session is owed, however its bytes travel. */
export function sessionFacts({ name, mount }: Carrier): void {
  describe(`a session ${name}`, () => {
    const mounts: Mounted[] = []
    afterEach(async () => {
      for (const mounted of mounts.splice(0)) await mounted.close()
    })

    async function start(options: EventServerOptions = {}) {
      const reasons: DisconnectReason[] = []
      const onDisconnect = (_: Session, reason: DisconnectReason): unknown => reasons.push(reason)
      const events = createEventServer({ ids: 'manual', onDisconnect, ...options })
      const mounted = await mount(events)
      mounts.push(mounted)
      return { events, reasons, connect: mounted.connect }
    }

    test('has its head before any event', async () => {
      const { connect } = await start({ retry: 3_000 })
      const reading = await connect('/?channel=a')
      await reading.until('\n\n')
      expect(reading.text).toBe(': connected\nretry: 3000\n\n')
    })

    test('gets 10,000 events of one turn, awaited or not, in their order', async () => {
      const { events, reasons, connect } = await start()
      const reading = await connect('/?channel=a')
      await reading.until('connected')
      const expected = Array.from({ length: 10_000 }, (_, n) => `${n} €😀`)
      for (const data of expected.slice(0, 5_000)) await events.publish('a', { data })
      for (const data of expected.slice(5_000)) void events.publish('a', { data })
      await reading.until('data: 9999 ')
      await events.close()
      await reading.rest()
      expect(reading.data).toEqual(expected)
      expect(reasons).toEqual(['shutdown'])
    })

    test('gets a long event whole', async () => {
      const { events, connect } = await start()
      const reading = await connect('/?channel=a')
      const data = `${'0123456789abcdef'.repeat(256 * 1024)}!`
      void events.publish('a', { data })
      void events.publish('a', { data: 'next' })
      await reading.until('next')
      expect(reading.data).toEqual([data, 'next'])
    })

    test('is told when to come back, after all that was accepted, and ends well', async () => {
      const { events, connect } = await start()
      const reading = await connect('/?channel=a')
      void events.publish('a', { data: 'last' })
      await events.close({ retry: 5_000 })
      expect(await reading.rest()).toBe(': connected\n\ndata: last\n\nretry: 5000\n\n')
    })

    test('ends well when it is closed, and the others go on', async () => {
      const { events, connect } = await start()
      const readings = [await connect('/?channel=a'), await connect('/?channel=a')]
      const [first] = events.sessions
      first?.send({ data: 'bye' })
      first?.close()
      expect(await readings[0]?.rest()).toBe(': connected\n\ndata: bye\n\n')
      await events.publish('a', { data: 'on' })
      await readings[1]?.until('data: on')
    })

    test('is replayed what it has missed, and then hears what comes', async () => {
      const { events, connect } = await start({
        epoch: 'e',
        ids: 'auto',
        replay: finiteReplay({ count: 100 }),
      })
      for (let n = 0; n < 50; n += 1) void events.publish('a', { data: `${n}` })
      const reading = await connect('/?channel=a', { 'last-event-id': 'e-20' })
      void events.publish('a', { data: '50' })
      await reading.until('data: 50')
      expect(reading.data).toEqual(Array.from({ length: 31 }, (_, n) => `${n + 20}`))
    })

    test('is missed at once when its client goes away, in the middle of what is written too', async () => {
      const { events, reasons, connect } = await start()
      const leaving = await connect('/?channel=a')
      const staying = await connect('/?channel=a')
      await leaving.until('connected')
      void events.publish('a', { data: 'x'.repeat(4 * 1024 * 1024) })
      await leaving.until('xxx')
      leaving.leave()
      await until(() => events.sessions.size === 1)
      expect(reasons).toEqual(['client'])
      void events.publish('a', { data: 'on' })
      await staying.until('data: on')
    })

    test('is broken off when it does not read, costs the others nothing, and misses nothing when it comes back', async () => {
      const { events, reasons, connect } = await start({
        ids: 'auto',
        maxBacklog: 64 * 1024,
        replay: finiteReplay({ count: 10_000, maxBytes: Infinity }),
      })
      const stuck = await connect('/?channel=a')
      await stuck.until('connected')
      const reading = await connect('/?channel=a')
      let published = 0
      while (events.sessions.size > 1) {
        published += 1
        void events.publish('a', { data: `${published}${'-'.repeat(256 * 1024)}${published}` })
        // Whoever reads is never behind; whoever does not is further behind each time.
        await reading.until(`-${published}\n\n`)
        reading.forget()
      }
      expect(reasons).toEqual(['slow'])
      await expect(stuck.rest()).rejects.toBeInstanceOf(Error)
      stuck.forgetHalf()
      const again = await connect('/?channel=a', { 'last-event-id': stuck.cursor })
      await again.until(`-${published}\n\n`)
      const heard = [...stuck.data, ...again.data].map((data) => Number.parseInt(data, 10))
      expect(heard).toEqual(Array.from({ length: published }, (_, n) => n + 1))
    })

    test('whatever happens, who stays has all that was for it, once and in order', async () => {
      const random = randomOf(name.length)
      const { events, connect } = await start()
      const live: {
        readonly reading: Reading
        readonly channel: string
        readonly owed: string[]
      }[] = []
      let sent = 0
      const send = (): string => `${(sent += 1)}`
      const steps = rounds(300, 10_000)
      for (let step = 0; step < steps; step += 1) {
        const choice = random()
        if (live.length < 2 || (choice < 0.1 && live.length < 8)) {
          const channel = random() < 0.5 ? 'a' : 'a/b'
          const reading = await connect(`/?channel=${channel}`)
          live.push({ reading, channel, owed: [] })
        } else if (choice < 0.15) {
          const [left] = live.splice(Math.floor(random() * live.length), 1)
          left?.reading.leave()
        } else if (choice < 0.6) {
          const data = send()
          for (const { owed } of live) owed.push(data)
          void events.publish('a/b', { data })
        } else if (choice < 0.8) {
          const data = send()
          for (const { owed, channel } of live) if (channel === 'a') owed.push(data)
          void events.publish('a', { data })
        } else if (choice < 0.9) {
          await new Promise(setImmediate)
        } else {
          const chosen = live[Math.floor(random() * live.length)]
          const last = chosen?.owed.at(-1)
          if (last !== undefined) await chosen?.reading.until(`data: ${last}\n`)
        }
      }
      await events.close()
      for (const { reading, owed } of live) {
        await reading.rest()
        expect(reading.data).toEqual(owed)
      }
    })
  })
}

/** Mulberry32: the same numbers for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
