import type { RedisClient } from '../src/redis/client.ts'

/** A copy of a fake client. */
interface FakeConnection {
  readonly overrides: unknown
  readonly commands: string[][]
  destroyed: boolean
  /** Says that its connection broke. */
  readonly fail: (error: Error) => void
}

/** A client of which each copy connects, and answers, as it is told to. */
export interface FakeRedis {
  readonly client: RedisClient
  readonly connections: FakeConnection[]
}

export function fakeRedis(options: {
  readonly connect?: () => Promise<unknown>
  readonly answer?: (command: readonly string[]) => Promise<unknown>
}): FakeRedis {
  const { connect = () => Promise.resolve(), answer = () => new Promise(() => {}) } = options
  const connections: FakeConnection[] = []
  const copy = (overrides: unknown): RedisClient => {
    const listeners: ((error: Error) => void)[] = []
    const connection: FakeConnection = {
      overrides,
      commands: [],
      destroyed: false,
      fail: (error) => listeners.forEach((listener) => listener(error)),
    }
    connections.push(connection)
    return {
      duplicate: copy,
      connect,
      destroy: () => {
        connection.destroyed = true
      },
      on: (_, listener) => listeners.push(listener),
      sendCommand: (command) => {
        connection.commands.push([...command])
        return answer(command)
      },
    }
  }
  const client: RedisClient = { ...copy(undefined), options: { socket: { path: '/redis' } } }
  connections.splice(0)
  return { client, connections }
}
