import { batch, signal, type ReadonlySignal, type Signal } from '@preact/signals-core'
import type { Clock } from '../clock.ts'
import { report, StreamError } from '../errors.ts'
import type { RawEvent } from '../event.ts'
import type {
  Link,
  Outcome,
  Transport,
  TransportRequest,
  TransportSink,
} from '../transport/transport.ts'
import { transition, type ConnectionEvent, type ConnectionStatus } from './machine.ts'
import { Repeats } from './repeats.ts'
import { errorOf, parseRetryAfter, retryDelay, verdict, type RetryPolicy } from './retry.ts'

export interface ConnectionOptions {
  readonly transport: Transport
  /** Makes the request of an attempt; asked anew each time, so that tokens and channels are fresh. */
  readonly request: (lastEventId: string) => TransportRequest | Promise<TransportRequest>
  /** The event types somebody reads now. */
  readonly types: () => Iterable<string>
  /** Takes the events of one network chunk, and the URL of the request they came by. */
  readonly receive: (events: readonly RawEvent[], url: string) => void
  readonly retry: RetryPolicy
  readonly clock: Clock
  readonly initialLastEventId: string
}

/** One request, from the asking to its end. */
interface Attempt {
  url: string
  link: Link | undefined
  /** Superseded, or ended: nothing it still says is heard. */
  over: boolean
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
  #swapAgain = false
  #timer: unknown
  #lastEventId: string
  #serverDelay: number | undefined
  #failures = 0
  #openedAt: number | undefined
  #heard = false
  #over = false

  constructor(options: ConnectionOptions) {
    this.#options = options
    this.#lastEventId = options.initialLastEventId
  }

  get status(): ReadonlySignal<ConnectionStatus> {
    return this.#status
  }

  get error(): ReadonlySignal<StreamError | undefined> {
    return this.#error
  }

  /** Somebody wants it: opens it, or ends its wait. A stream that the server has ended stays ended. */
  start(): void {
    const status = this.#status.peek()
    const reconnectsItself = status === 'waiting' && this.#attempt !== undefined
    if (this.#over || reconnectsItself) return
    if (status === 'closed') this.#failures = 0
    this.#enter('start')
  }

  /** A fresh attempt now, whatever is under way. */
  restart(): void {
    this.#over = false
    this.#failures = 0
    this.#enter('restart')
  }

  /**
   * Moves to a request that asks for more, without a break: the old attempt is read until the new one is open, which
   * starts at the cursor; what both bring is known again.
   */
  swap(): void {
    if (this.#attempt === undefined) return
    if (this.#status.peek() !== 'open') this.#enter('restart')
    else if (this.#successor === undefined) this.#begin((this.#successor = newAttempt()))
    else this.#swapAgain = true
  }

  /** Nobody wants it any more. */
  release(): void {
    this.#failures = 0
    this.#enter('release')
  }

  /** Has the transport hear these event types too. */
  listen(types: Iterable<string>): void {
    this.#attempt?.link?.listen(types)
    this.#successor?.link?.listen(types)
  }

  #enter(event: ConnectionEvent, error?: StreamError): void {
    const next = transition(this.#status.peek(), event)
    if (next === undefined) return
    try {
      batch(() => {
        this.#status.value = next
        if (next === 'open' || next === 'idle') this.#error.value = undefined
        else if (error !== undefined) this.#error.value = error
      })
    } catch (thrown) {
      // A subscriber's mistake is not the connection's.
      report(thrown)
    }
    // A subscriber of the status may have moved the connection on already.
    if (this.#status.peek() !== next) return
    if (next === 'connecting') {
      this.#disconnect()
      this.#begin((this.#attempt = newAttempt()))
    } else if (next !== 'open' && event !== 'interrupted') {
      this.#disconnect()
    }
  }

  #disconnect(): void {
    end(this.#attempt)
    end(this.#successor)
    this.#attempt = undefined
    this.#successor = undefined
    this.#swapAgain = false
    this.#openedAt = undefined
    if (this.#timer !== undefined) this.#options.clock.clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #begin(attempt: Attempt): void {
    const { transport, types } = this.#options
    const sink = this.#sinkOf(attempt)
    const connect = (request: TransportRequest) => {
      if (attempt.over) return
      attempt.url = request.url
      const link = transport.connect(request, sink, types())
      // A transport may end the attempt before it returns.
      if (attempt.over) link.close()
      else attempt.link = link
    }
    const fail = (cause: unknown) => {
      sink.close({ kind: 'network', cause })
    }
    try {
      const request = this.#options.request(this.#lastEventId)
      // A request without functions goes out in this very turn.
      if (request instanceof Promise) request.then(connect).catch(fail)
      else connect(request)
    } catch (cause) {
      fail(cause)
    }
  }

  #sinkOf(attempt: Attempt): TransportSink {
    const unlessOver =
      <Arguments extends unknown[]>(hear: (...args: Arguments) => void) =>
      (...args: Arguments) => {
        if (!attempt.over) hear(...args)
      }
    return {
      open: unlessOver(() => {
        this.#opened(attempt)
      }),
      receive: unlessOver((events, lastEventId) => {
        this.#heard ||= events.length > 0
        this.#lastEventId = lastEventId
        const fresh = this.#repeats.without(events)
        if (fresh.length > 0) this.#options.receive(fresh, attempt.url)
      }),
      retry: unlessOver((delay) => {
        this.#serverDelay = delay
      }),
      interrupted: unlessOver(() => {
        // While another attempt is in use, this one's troubles are not the connection's.
        if (attempt !== this.#attempt) return
        this.#enter('interrupted', errorOf({ kind: 'network', cause: undefined }))
      }),
      close: unlessOver((outcome) => {
        attempt.over = true
        // It has ended by itself: nothing is left to close.
        attempt.link = undefined
        this.#ended(outcome)
      }),
    }
  }

  #opened(attempt: Attempt): void {
    const takesOver = attempt === this.#successor
    if (takesOver) {
      end(this.#attempt)
      this.#attempt = attempt
      this.#successor = undefined
    }
    this.#repeats.overlap()
    this.#openedAt = this.#options.clock.now()
    this.#heard = false
    this.#enter('opened')
    if (!takesOver || !this.#swapAgain) return
    this.#swapAgain = false
    this.swap()
  }

  #ended(outcome: Outcome): void {
    const { clock, retry } = this.#options
    const error = errorOf(outcome)
    const next = verdict(outcome)
    if (next !== 'retry') {
      this.#over = next === 'ended'
      this.#enter('stopped', error)
      return
    }
    if (this.#provenGood(outcome)) this.#failures = 0
    this.#failures += 1
    if (this.#failures > retry.maxRetries) {
      this.#enter('stopped', gaveUp(retry.maxRetries, error))
      return
    }
    const header = outcome.kind === 'status' ? outcome.retryAfter : undefined
    const delay = retryDelay(retry, {
      failures: this.#failures,
      serverDelay: this.#serverDelay,
      retryAfter: parseRetryAfter(header, clock.now()),
      random: clock.random(),
    })
    this.#enter('failed', error)
    if (this.#status.peek() !== 'waiting') return
    this.#timer = clock.setTimeout(() => {
      this.#timer = undefined
      this.#enter('due')
    }, delay)
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

function newAttempt(): Attempt {
  return { url: '', link: undefined, over: false }
}

function end(attempt: Attempt | undefined): void {
  if (attempt === undefined) return
  attempt.over = true
  attempt.link?.close()
}
