import type { ConnectionStatus } from '../connection/machine.ts'
import { idleState, type ConnectionSnapshot, type ConnectionState } from '../connection/snapshot.ts'
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

const unused = { state: { value: idleState }, snapshot: { value: idle } }

/** The connection that several feeds stand as: the least healthy of theirs. */
export function leastHealthy(feeds: readonly Feed[]): {
  readonly state: { readonly value: ConnectionState }
  readonly snapshot: { readonly value: ConnectionSnapshot }
} {
  const [worst] = feeds.toSorted((a, b) => rank(b) - rank(a))
  return worst?.connection ?? unused
}

function rank({ connection }: Feed): number {
  return scale.indexOf(connection.state.value.status)
}
