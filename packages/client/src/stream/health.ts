import { computed, type ReadonlySignal } from '@preact/signals-core'
import type { ConnectionStatus } from '../connection/machine.ts'
import { idleState, type ConnectionSnapshot } from '../connection/snapshot.ts'
import type { StreamError } from '../errors.ts'
import type { Feed } from './feed.ts'

/** From the healthiest to the least healthy; a connection that is not in use says nothing of health. */
const scale: readonly ConnectionStatus[] = ['idle', 'open', 'connecting', 'waiting', 'closed']

const idle: ConnectionSnapshot = {
  ...idleState,
  lastEventId: '',
  lastActivityAt: undefined,
  events: 0,
  bytes: 0,
  attempts: 0,
}

/** How several feeds stand: as the least healthy of them does. */
export function healthOf(feeds: ReadonlySignal<readonly Feed[]>): {
  readonly status: ReadonlySignal<ConnectionStatus>
  readonly error: ReadonlySignal<StreamError | undefined>
  readonly connection: ReadonlySignal<ConnectionSnapshot>
} {
  const worst = computed(() => feeds.value.toSorted((a, b) => rank(b) - rank(a))[0])
  return {
    status: computed(() => worst.value?.connection.state.value.status ?? 'idle'),
    error: computed(() => worst.value?.connection.state.value.error),
    connection: computed(() => worst.value?.connection.snapshot.value ?? idle),
  }
}

function rank({ connection }: Feed): number {
  return scale.indexOf(connection.state.value.status)
}
