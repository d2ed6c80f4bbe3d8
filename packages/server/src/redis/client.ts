import { EventServerError } from '../error.ts'

/**
 * What is asked of a Redis client: a few members of what `createClient` of the `redis` package (5 or later) gives.
 *
 * @example
 * const client: RedisClient = createClient({ url: 'redis://localhost:6379' })
 */
export interface RedisClient {
  /** What it was made with; its copies are to leave reconnecting to the provider. */
  readonly options?: { readonly socket?: object | undefined } | undefined
  /** A client of the same making, which is not connected. */
  duplicate(overrides?: object): RedisClient
  /** Resolves when commands can be sent. */
  connect(): Promise<unknown>
  /** Lets go at once of the connection, and of the commands that have no answer. */
  destroy(): void
  /** Tells of a connection that broke. */
  on(event: 'error', listener: (error: Error) => void): unknown
  /** Sends a command; rejects with Redis's error, or where the connection broke before the answer. */
  sendCommand(command: readonly string[], options?: object): Promise<unknown>
}

/** Throws where a client is of another make. */
export function checkClient(client: RedisClient): RedisClient {
  const members = ['duplicate', 'connect', 'destroy', 'on', 'sendCommand'] as const
  const missing = members.find((name) => typeof client?.[name] !== 'function')
  if (missing !== undefined) throw unusable(`it has no ${missing}()`)
  // Theirs want to be told first where the command goes.
  if (client.sendCommand.length > 2) throw unusable('it is of a cluster, or of sentinels')
  return client
}

function unusable(because: string): EventServerError {
  return new EventServerError(
    'invalid-option',
    `Cannot use the client: ${because}. Give what createClient() of the \`redis\` package makes, or an object with the members of RedisClient around a client of another make.`,
  )
}

// What Redis answers starts with a code in capitals; what goes wrong on the way does not.
const REPLY = /^[A-Z]{2,} /
// It is there, and will be of service later, or is at another address.
const PASSING = /^(LOADING|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|BUSY|UNBLOCKED|NOREPLICAS) /

/** Whether Redis has refused a command: then it was not carried out. */
export function isRefusal(error: Error): boolean {
  return REPLY.test(error.message)
}

/** Whether Redis has refused a command that it will carry out at another time. */
export function isPassing(error: Error): boolean {
  return PASSING.test(error.message)
}

/** What went wrong, in words: the error of a host with several addresses has none of its own. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return reasonOf(error.errors[0])
  return error instanceof Error ? error.message : String(error)
}
