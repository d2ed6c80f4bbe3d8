import { batch, signal, type ReadonlySignal, type Signal } from '@preact/signals-core'
import type { Clock } from '../clock.ts'
import { StreamError } from '../errors.ts'
import type { RawEvent } from '../event.ts'
import type {
  Link,
  Outcome,
  Transport,
  TransportRequest,
  TransportSink,
} from '../transport/transport.ts'
import { transition, type ConnectionEvent, type ConnectionStatus } from './machine.ts'
import { errorOf, parseRetryAfter, retryDelay, verdict, type RetryPolicy } from './retry.ts'

export interface ConnectionOptions {
  readonly transport: Transport
  /** Makes the request of an attempt; asked anew each time, so that tokens and channels are fresh. */
  readonly request: (lastEventId: string) => TransportRequest | Promise<TransportRequest>
  /** The event types somebody reads now. */
  readonly types: () => Iterable<string>
  readonly receive: (events: readonly RawEvent[]) => void
  readonly retry: RetryPolicy
  readonly clock: Clock
  readonly initialLastEventId: string
}

/**
 * One connection: it drives the machine of `machine.ts`, and does what the policy of `retry.ts` says.
 *
 * Each attempt is a generation. What an attempt of an earlier generation still says is not heard.
 */
export class Connection {
  readonly #options: ConnectionOptions
  readonly #status: Signal<ConnectionStatus> = signal<ConnectionStatus>('idle')
  readonly #error: Signal<StreamError | undefined> = signal<StreamError | undefined>(undefined)
  #generation = 0
  #link: Link | undefined
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
    const reconnectsItself = status === 'waiting' && this.#link !== undefined
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

  /** Nobody wants it any more. */
  release(): void {
    this.#failures = 0
    this.#enter('release')
  }

  /** Has the transport hear these event types too. */
  listen(types: Iterable<string>): void {
    this.#link?.listen(types)
  }

  #enter(event: ConnectionEvent, error?: StreamError): void {
    const next = transition(this.#status.peek(), event)
    if (next === undefined) return
    batch(() => {
      this.#status.value = next
      if (next === 'open') this.#error.value = undefined
      else if (error !== undefined) this.#error.value = error
    })
    // A subscriber of the status may have moved the connection on already.
    if (this.#status.peek() !== next) return
    if (next === 'connecting') this.#connect()
    else if (next !== 'open' && event !== 'interrupted') this.#disconnect()
  }

  #disconnect(): number {
    this.#generation += 1
    this.#link?.close()
    this.#link = undefined
    if (this.#timer !== undefined) this.#options.clock.clearTimeout(this.#timer)
    this.#timer = undefined
    return this.#generation
  }

  #connect(): void {
    const generation = this.#disconnect()
    this.#openedAt = undefined
    this.#heard = false
    const sink = this.#sink(generation)
    // A request without functions goes out in this very turn.
    let request: TransportRequest | Promise<TransportRequest>
    try {
      request = this.#options.request(this.#lastEventId)
    } catch (cause) {
      sink.close({ kind: 'network', cause })
      return
    }
    if (!(request instanceof Promise)) {
      this.#open(request, sink)
      return
    }
    request.then(
      (ready) => {
        if (generation === this.#generation) this.#open(ready, sink)
      },
      (cause: unknown) => {
        sink.close({ kind: 'network', cause })
      },
    )
  }

  #open(request: TransportRequest, sink: TransportSink): void {
    const { transport, types } = this.#options
    const generation = this.#generation
    const link = transport.connect(request, sink, types())
    // A transport may fail before it returns.
    if (generation === this.#generation) this.#link = link
    else link.close()
  }

  #sink(generation: number): TransportSink {
    const unlessOver =
      <Arguments extends unknown[]>(hear: (...args: Arguments) => void) =>
      (...args: Arguments) => {
        if (generation === this.#generation) hear(...args)
      }
    return {
      open: unlessOver(() => {
        this.#openedAt = this.#options.clock.now()
        this.#enter('opened')
      }),
      receive: unlessOver((events, lastEventId) => {
        this.#heard = true
        this.#lastEventId = lastEventId
        this.#options.receive(events)
      }),
      retry: unlessOver((delay) => {
        this.#serverDelay = delay
      }),
      interrupted: unlessOver(() => {
        this.#enter('interrupted', errorOf({ kind: 'network', cause: undefined }))
      }),
      close: unlessOver((outcome) => {
        this.#ended(outcome)
      }),
    }
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
