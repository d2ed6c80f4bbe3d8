import { fakeEventServer, manualClock } from '@millrace/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openMarket, type Market } from './market.ts'

/** A framework, as the facts see it. */
export interface Framework {
  readonly name: string
  /** Mounts a page with every part of the market, `–` where a store has no value; returns what unmounts it. */
  readonly mount: (target: HTMLElement, market: Market) => () => void
  /** How often a component renders for a change of what it reads; 0 where its text changes without it. Defaults to 1. */
  readonly rendersPerChange?: 0 | 1
}

const linger = 1_000

/** One list of facts, for components of each framework. */
export function frameworkFacts({ name, mount: mountPage, rendersPerChange = 1 }: Framework): void {
  describe(`components of ${name}`, () => {
    const events = fakeEventServer('/events')
    let clock: ReturnType<typeof manualClock>
    let market: Market
    let mounted: (() => void)[] = []

    beforeEach(() => {
      clock = manualClock()
      market = openMarket(events, clock)
    })
    afterEach(async () => {
      for (const unmount of mounted) unmount()
      mounted = []
      market.close()
      await events.reset()
      document.body.replaceChildren()
    })

    function mount(): { shown: () => string; unmount: () => void } {
      const target = document.body.appendChild(document.createElement('main'))
      const stop = mountPage(target, market)
      const unmount = (): void => {
        mounted = mounted.filter((other) => other !== unmount)
        stop()
      }
      mounted.push(unmount)
      return {
        shown: () =>
          [...target.querySelectorAll('output')].map(({ textContent }) => textContent).join(' '),
        unmount,
      }
    }
    const requests = () => events.log.filter(({ kind }) => kind === 'opened').length

    test(`${name}: shows the initial state, and stores that nobody reads open nothing`, async () => {
      await clock.advance(linger)
      expect(events.log).toEqual([])
      expect(mount().shown()).toBe('– – 0 idle')
    })

    test(`${name}: shows each event, many components on one connection`, async () => {
      const [one, other] = [mount(), mount()]
      await events.connected()
      expect(one.shown()).toBe('– – 0 open')
      await events.send({ event: 'tick', data: { price: 41, size: 2 } })
      expect(one.shown()).toBe('41 41 2 open')
      await events.send({ event: 'tick', data: { price: 42, size: 3 } })
      expect([one.shown(), other.shown()]).toEqual(['42 42 5 open', '42 42 5 open'])
      expect(events.clients).toHaveLength(1)
      expect(requests()).toBe(1)
    })

    test(`${name}: a change renders only what reads it`, async () => {
      const { shown } = mount()
      await events.connected()
      await events.send({ event: 'tick', data: { price: 42, size: 1 } })
      const before = { ...market.renders }
      await events.send({ event: 'tick', data: { price: 42, size: 9 } })
      expect(shown()).toBe('42 42 10 open')
      expect(market.renders).toEqual({ ...before, volume: before.volume + rendersPerChange })
    })

    test(`${name}: a burst renders once, and nothing of it is missed`, async () => {
      const { shown } = mount()
      await events.connected()
      const before = { ...market.renders }
      const burst = Array.from(
        { length: 100 },
        (_, price) => `event: tick\ndata: {"price":${price},"size":1}\n\n`,
      )
      await events.sendRaw(burst.join(''))
      expect(shown()).toBe('99 99 100 open')
      expect(market.renders).toEqual({
        status: before.status,
        price: before.price + 2 * rendersPerChange,
        volume: before.volume + rendersPerChange,
      })
    })

    test(`${name}: what is unmounted lets go, and the connection closes after linger`, async () => {
      const [one, other] = [mount(), mount()]
      await events.connected()
      one.unmount()
      await clock.advance(linger)
      await events.send({ event: 'tick', data: { price: 42, size: 1 } })
      expect(other.shown()).toBe('42 42 1 open')
      other.unmount()
      await clock.advance(linger - 1)
      expect(events.clients).toHaveLength(1)
      await clock.advance(1)
      expect(events.clients).toHaveLength(0)
      expect(clock.pending).toBe(0)
    })

    test(`${name}: what is mounted within linger takes the connection over, with its values`, async () => {
      const { unmount } = mount()
      await events.connected()
      await events.send({ event: 'tick', data: { price: 42, size: 7 } })
      unmount()
      await clock.advance(linger - 1)
      const { shown } = mount()
      await clock.advance(linger)
      expect(shown()).toBe('42 42 7 open')
      await events.send({ event: 'tick', data: { price: 43, size: 1 } })
      expect(shown()).toBe('43 43 8 open')
      expect(requests()).toBe(1)
    })
  })
}
