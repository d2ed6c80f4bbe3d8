import { expect } from 'vitest'
import { matchers } from './matchers.ts'
import type { ConnectionsOptions, ExpectedEvent } from './matchers.ts'

expect.extend({ ...matchers })

export { setupFakeEventServer } from './setup.ts'
export type { MockServer, SetupOptions } from './setup.ts'
export { useFakeTimers } from './fake-timers.ts'
export type { ConnectionsOptions, ExpectedEvent } from './matchers.ts'

declare module 'vitest' {
  /** What `expect(events)` can say of a fake event server. */
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> {
    /**
     * So many are connected to a fake event server now: at all, or on a channel.
     *
     * @example
     * expect(events).toHaveConnections(1)
     */
    toHaveConnections: (count: number, options?: ConnectionsOptions) => R
    /**
     * Nobody is connected to a fake event server now.
     *
     * @example
     * expect(events).toHaveNoOpenConnections()
     */
    toHaveNoOpenConnections: () => R
    /**
     * Somebody has come to a fake event server with this cursor; or this one client has.
     *
     * @example
     * expect(events).toHaveResumedFrom('17')
     */
    toHaveResumedFrom: (id: string) => R
    /**
     * A fake event server has sent these events, in this order, each at least as it is given here; without any, that it
     * has sent something. What was sent raw does not count.
     *
     * @example
     * expect(events).toHaveSent({ event: 'tick', data: { price: 1 } })
     */
    toHaveSent: (...events: ExpectedEvent[]) => R
  }
}
