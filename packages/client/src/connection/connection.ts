import { batch, signal, type ReadonlySignal, type Signal } from '@preact/signals-core'
import type { Clock } from '../clock.ts'
import { report, StreamError } from '../errors.ts'
import type { RawEvent } from '../event.ts'
import type { Outcome } from '../transport/transport.ts'
import { Attempt, type AttemptOptions } from './attempt.ts'
import { transition, type ConnectionEvent, type ConnectionStatus } from './machine.ts'
import { Repeats } from './repeats.ts'
import {
  errorOf,
  parseRetryAfter,
  retryDelay,
  shortestWait,
  verdict,
  type RetryPolicy,
} from './retry.ts'
import { Wait } from './wait.ts'

export interface ConnectionOptions extends Pick<AttemptOptions, 'transport' | 'request' | 'types'> {
  /** Takes the events of one network chunk, and the URL of the request they came by. */
  readonly receive: (events: readonly RawEvent[], url: string) => void
  readonly retry: RetryPolicy
  readonly clock: Clock
  readonly initialLastEventId: string
}

/** One connection: it drives the machine of `machine.ts`, and does what the policy of `retry.ts` says. */
export class Connection {
  readonly #options: ConnectionOptions
  readonly #status: Signal<ConnectionStatus> = signal<ConnectionStatus>('idle')
  readonly #error: Signal<StreamError | undefined> = signal<StreamError | undefined>(undefined)
  readonly #repeats = new Repeats()
  #attempt: Attempt | undefined
  /** The attempt that is to take over from the one in use. */
  #successor: Attempt | undefined
  /** Somebody asked for a swap that could not be made at once. */
  #swapDue = false
  /** For the next attempt, or for the next successor. */
  readonly #wait: Wait
  #lastEventId: string
  #serverDelay: number | undefined
  #failures = 0
  #openedAt: number | undefined
  #heard = false
  /** The server has said that there is no more. */
  #finished = false
  #released = false

  constructor(options: ConnectionOptions) {
    this.#options = options
    this.#wait = new Wait(options.clock)
    this.#lastEventId = options.initialLastEventId
  }

  get status(): ReadonlySignal<ConnectionStatus> {
    return this.#status
  }

  /** Why it is not open, or has ended otherwise than it should. */
  get error(): ReadonlySignal<StreamError | undefined> {
    return this.#error
  }

  /** The cursor. */
  get lastEventId(): string {
    return this.#lastEventId
  }

  /** Somebody wants it: opens it, or ends its wait. A stream that the server has ended stays ended. */
  start(): void {
    if (this.#released || this.#finished) return
    if (this.#status.peek() === 'waiting') {
      // Where it waits for nothing, the transport reconnects by itself.
      this.#wait.hurry()
      return
    }
    if (this.#status.peek() === 'closed') this.#failures = 0
    this.#enter('start')
  }

  /** A fresh attempt now, whatever is under way. */
  restart(): void {
    if (this.#released) return
    this.#finished = false
    this.#failures = 0
    this.#enter('restart')
  }

  /**
   * Moves to a request that asks for something else, without a break: the old attempt is read until the new one is
   * open, which starts at the cursor; what both bring is known again.
   */
  swap(): void {
    const status = this.#status.peek()
    if (this.#released || this.#attempt === undefined) return
    if (status === 'open' && this.#successor === undefined) {
      this.#wait.end()
      this.#swapDue = false
      this.#successor = this.#newAttempt()
      this.#successor.begin()
    } else if (status === 'waiting') {
      // The transport is about to reconnect by itself, to the old request.
      this.#enter('restart')
    } else {
      this.#swapDue = true
    }
  }

  /** Nobody wants it any more, ever. */
  release(): void {
    this.#released = true
    this.#enter('release')
  }

  /** Has the transport hear these event types too. */
  listen(types: Iterable<string>): void {
    this.#attempt?.listen(types)
    this.#successor?.listen(types)
  }

  #enter(event: ConnectionEvent, error?: StreamError): void {
    const next = transition(this.#status.peek(), event)
    if (next === undefined) return
    try {
      batch(() => {
        this.#status.value = next
        // While it connects, what went wrong before is still what went wrong.
        if (next !== 'connecting' || error !== undefined) this.#error.value = error
      })
    } catch (thrown) {
      // A subscriber's mistake is not the connection's.
      report(thrown)
    }
    // A subscriber may have moved the connection on already.
    if (this.#status.peek() !== next || event === 'interrupted' || event === 'overtaken') return
    if (next === 'open') return
    this.#disconnect()
    if (next !== 'connecting') return
    this.#attempt = this.#newAttempt()
    this.#attempt.begin()
  }

  #disconnect(): void {
    this.#attempt?.end()
    this.#successor?.end()
    this.#attempt = undefined
    this.#successor = undefined
    this.#swapDue = false
    this.#openedAt = undefined
    this.#wait.end()
  }

  #newAttempt(): Attempt {
    const { transport, request, types } = this.#options
    return new Attempt({
      transport,
      request,
      types,
      lastEventId: this.#lastEventId,
      observer: {
        opened: (attempt) => {
          this.#opened(attempt)
        },
        moved: (lastEventId) => {
          this.#lastEventId = lastEventId
        },
        received: (attempt, events) => {
          this.#received(attempt, events)
        },
        retry: (delay) => {
          this.#serverDelay = delay
        },
        interrupted: (attempt) => {
          // While another attempt is in use, this one's troubles are not the connection's.
          if (attempt !== this.#attempt) return
          this.#enter('interrupted', errorOf({ kind: 'network', cause: undefined }))
        },
        ended: (attempt, outcome) => {
          if (attempt === this.#successor) this.#successorEnded(outcome)
          else this.#ended(outcome)
        },
      },
    })
  }

  #opened(attempt: Attempt): void {
    if (attempt === this.#successor) {
      this.#attempt?.end()
      this.#attempt = attempt
      this.#successor = undefined
      this.#failures = 0
    }
    this.#repeats.overlap()
    this.#openedAt = this.#options.clock.now()
    this.#heard = false
    this.#enter('opened')
    if (this.#swapDue) this.swap()
  }

  #received(attempt: Attempt, events: readonly RawEvent[]): void {
    this.#heard ||= events.length > 0
    const fresh = this.#repeats.without(events)
    if (fresh.length > 0) this.#options.receive(fresh, attempt.url)
  }

  #ended(outcome: Outcome): void {
    const error = errorOf(outcome)
    if (this.#successor !== undefined) {
      this.#attempt = this.#successor
      this.#successor = undefined
      this.#openedAt = undefined
      this.#enter('overtaken', error)
      return
    }
    if (verdict(outcome) !== 'retry') {
      this.#stop(outcome)
      return
    }
    if (this.#provenGood(outcome)) this.#failures = 0
    this.#failures += 1
    const { maxRetries } = this.#options.retry
    if (this.#failures > maxRetries) {
      this.#enter('stopped', gaveUp(maxRetries, error))
      return
    }
    this.#enter('failed', error)
    if (this.#status.peek() !== 'waiting' || this.#attempt !== undefined) return
    this.#waitAfter(outcome, () => {
      this.#enter('due')
    })
  }

  /** What is read goes on; the swap is tried again, or, where it makes no sense, is what the whole stream comes to. */
  #successorEnded(outcome: Outcome): void {
    this.#successor = undefined
    if (verdict(outcome) !== 'retry') {
      this.#stop(outcome)
      return
    }
    this.#failures += 1
    this.#waitAfter(outcome, () => {
      this.swap()
    })
  }

  #stop(outcome: Outcome): void {
    this.#finished = verdict(outcome) === 'ended'
    this.#enter('stopped', errorOf(outcome))
  }

  #waitAfter(outcome: Outcome, then: () => void): void {
    const { clock, retry } = this.#options
    const header = outcome.kind === 'status' ? outcome.retryAfter : undefined
    const retryAfter = parseRetryAfter(header, clock.now())
    const delay = retryDelay(retry, {
      failures: this.#failures,
      serverDelay: this.#serverDelay,
      retryAfter,
      random: clock.random(),
    })
    this.#wait.begin(then, delay, shortestWait(retry, delay, retryAfter))
  }

  /** A server that accepts and drops is not good; one that ends each batch in order is. */
  #provenGood(outcome: Outcome): boolean {
    if (this.#openedAt === undefined) return false
    if (outcome.kind === 'end' && this.#heard) return true
    return this.#options.clock.now() - this.#openedAt >= this.#options.retry.resetAfter
  }
}

function gaveUp(maxRetries: number, cause: StreamError | undefined): StreamError {
  return new StreamError(
    'gave-up',
    `Cannot keep the stream: ${maxRetries} ${maxRetries === 1 ? 'retry' : 'retries'} in a row failed. Call reconnect() to start again.`,
    { cause, status: cause?.status },
  )
}
