import { fakeEventServer } from '@millrace/testing'
import type { FakeEventServer } from '@millrace/testing'
import { afterEach, expect, test, vi } from 'vitest'
import { rounds } from '../environment/rounds.ts'
import { origin } from './place.ts'
import { randomOf } from './random.ts'
import type { Kind } from './soak-clients.ts'
import { Soaking } from './soaking.ts'

const url = `${origin}/soak`

/** Where the operations are done. */
export interface SoakPlace {
  readonly name: string
  /** Puts the fake in its place. */
  readonly mount: (events: FakeEventServer) => Promise<{
    readonly fetch: typeof fetch
    readonly kinds: readonly Kind[]
    readonly unmount: () => void
  }>
  /** Whether timers may be faked and made real again in between. */
  readonly canFakeTimers: boolean
}

/** Twenty thousand random operations, and after each of them everything is where it belongs. */
export function soak({ name, mount, canFakeTimers }: SoakPlace): void {
  afterEach(() => void vi.useRealTimers())

  const operations = rounds(100, 20_000)
  test(`${name}: after each of ${operations} random operations, every client has what it was sent`, async () => {
    const events = fakeEventServer(url)
    const { fetch: fetcher, kinds, unmount } = await mount(events)
    const soaking = new Soaking(events, {
      fetcher,
      kinds,
      random: randomOf(operations),
      canFakeTimers,
    })
    for (let step = 0; step < operations; step += 1) {
      await soaking.step()
      expect(soaking.look()).toEqual([])
    }
    await soaking.end()
    unmount()
  })
}
