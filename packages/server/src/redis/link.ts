import type { Clock } from '../clock.ts'
import { reasonOf } from './client.ts'
import type { RedisClient } from './client.ts'

/** What a link is made with. */
export interface LinkOptions {
  /** It is copied, and left alone. */
  readonly client: RedisClient
  readonly clock: Clock
  /** Milliseconds Redis has to answer. */
  readonly timeout: number
}

/**
 * Two connections to Redis that live and die together: one that waits for what comes, one for everything else.
 *
 * It breaks once: at a connection that breaks, at an answer that does not come in time, or when it is told to.
 */
export class Link {
  readonly #options: LinkOptions
  readonly #connections: readonly [waiting: RedisClient, asking: RedisClient]
  readonly #unanswered = new Set<(cause: Error) => void>()
  #cause: Error | undefined

  constructor(options: LinkOptions) {
    this.#options = options
    this.#connections = [this.#copy(), this.#copy()]
  }

  /** Resolves when commands can be sent. */
  async open(): Promise<void> {
    await Promise.all(this.#connections.map((one) => this.#await(() => one.connect())))
  }

  /** Carries out a command. */
  ask(command: readonly string[]): Promise<unknown> {
    return this.#send(this.#connections[1], command)
  }

  /** Carries out a command that keeps its connection for up to so many milliseconds. */
  wait(command: readonly string[], block: number): Promise<unknown> {
    return this.#send(this.#connections[0], command, block)
  }

  /** Ends both connections, for the first reason given; what has no answer is rejected with it. */
  break(cause: Error): void {
    if (this.#cause) return
    this.#cause = cause
    for (const connection of this.#connections) discard(connection)
    for (const giveUp of this.#unanswered) giveUp(cause)
  }

  // It does not reconnect by itself: what was under way would be sent again without anybody knowing whether it arrived.
  #copy(): RedisClient {
    const { client } = this.#options
    const socket = { ...client.options?.socket, reconnectStrategy: false }
    const copy = client.duplicate({ socket, disableOfflineQueue: true })
    copy.on('error', (error) => this.break(error))
    return copy
  }

  #send(connection: RedisClient, command: readonly string[], block = 0): Promise<unknown> {
    // Whatever the client makes of replies, here they are strings and lists.
    return this.#await(() => connection.sendCommand(command, { typeMapping: {} }), block)
  }

  #await(ask: () => Promise<unknown>, block = 0): Promise<unknown> {
    const { clock, timeout } = this.#options
    return new Promise((resolve, reject) => {
      if (this.#cause) throw this.#cause
      const late = (): void => this.break(new Error(`no answer came within ${timeout} ms`))
      const timer = clock.setTimeout(late, block + timeout)
      const settle = (): void => {
        clock.clearTimeout(timer)
        this.#unanswered.delete(giveUp)
      }
      const giveUp = (cause: Error): void => {
        settle()
        reject(cause)
      }
      this.#unanswered.add(giveUp)
      Promise.resolve()
        .then(ask)
        .finally(settle)
        .then(resolve, (error: unknown) => reject(asError(error)))
    })
  }
}

// Not every version takes it well to be let go of before it was connected.
function discard(connection: RedisClient): void {
  try {
    connection.destroy()
  } catch {
    // It was gone already.
  }
}

function asError(error: unknown): Error {
  return error instanceof Error && error.message !== ''
    ? error
    : new Error(reasonOf(error), { cause: error })
}
