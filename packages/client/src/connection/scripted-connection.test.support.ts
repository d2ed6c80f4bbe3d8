import { systemClock } from '../clock.ts'
import type { Gap, RawEvent } from '../event.ts'
import { scriptedTransport } from '../transport/scripted-transport.test.support.ts'
import type { TransportRequest } from '../transport/transport.ts'
import { Connection } from './connection.ts'
import type { ConnectionOptions } from './policy.ts'
import { defaultRetryPolicy, type RetryPolicy } from './retry.ts'

/** What is otherwise than usual with a connection. */
export type Given = Omit<Partial<ConnectionOptions>, 'retry'> & { retry?: Partial<RetryPolicy> }

/** What is asked for, from a cursor on. */
export function requestFor(lastEventId: string): TransportRequest {
  return {
    url: 'https://example.test/events',
    method: 'GET',
    headers: {},
    body: undefined,
    credentials: 'same-origin',
    lastEventId,
    lastEventIdParam: 'lastEventId',
  }
}

/** A connection that has not been started, over a transport that says what a test has it say. */
export function scriptedConnection({ retry = {}, ...given }: Given = {}) {
  const transport = scriptedTransport()
  const received: RawEvent[] = []
  const gaps: Gap[] = []
  const connection = new Connection({
    transport,
    request: requestFor,
    types: () => [],
    receive: (events) => received.push(...events),
    leavesOut: () => false,
    onOpened: () => {},
    onCaughtUp: () => {},
    onGap: (gap) => gaps.push(gap),
    onSkipped: () => {},
    onTransition: () => {},
    retry: { ...defaultRetryPolicy, ...retry },
    clock: systemClock,
    cursor: { initial: '', storage: undefined, key: 'cursor' },
    heartbeatTimeout: undefined,
    needsNetwork: true,
    openWhenHidden: true,
    hiddenDelay: 30_000,
    fresh: false,
    once: false,
    dedup: true,
    relabels: false,
    onSwapRefused: () => {},
    ...given,
  })
  return { transport, connection, received, gaps }
}
