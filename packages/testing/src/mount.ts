import { localProvider, systemClock } from '@millrace/server'
import type { Provider, ServerEvent } from '@millrace/server'
import { whileAnswering } from './activity.ts'
import { refuse } from './behaviour.ts'
import type { Behaviour } from './behaviour.ts'
import { Storm } from './chaos/chaos.ts'
import type { Chaos, ChaosOptions } from './chaos/chaos.ts'
import type { Connection } from './connection.ts'
import type { EngineOptions } from './engine.ts'
import { Epoch } from './epoch.ts'
import { Era } from './era.ts'
import type { Carrier, Past } from './era.ts'
import { Kept } from './kept.ts'
import type { Log } from './log.ts'
import type { MeetOptions } from './plan.ts'

/** Where requests arrive: takes them to the engine of the present, and changes that at a reset. */
export class Mount<Data> {
  /** Where the last request since the reset went that was for another address. */
  astray: string | undefined
  readonly #options: EngineOptions<Data>
  readonly #kept: Kept | undefined
  readonly #order: Provider | undefined
  readonly #past: Past = new WeakMap()
  #resets = 0
  #era: Era<Data>

  constructor(options: EngineOptions<Data>) {
    this.#options = options
    this.#kept = options.replay && new Kept(options.replay)
    this.#order = ownOrder(options)
    this.#era = this.#nextEra()
  }

  /** Everything that has happened since the last reset. */
  get log(): Log {
    return this.#era.log
  }

  /** Who is connected now, in the order in which they came. */
  get connections(): readonly Connection[] {
    return this.#era.connections
  }

  /** Meets the next requests so. */
  meet(behaviour: Behaviour, options?: MeetOptions): void {
    this.#era.door.plan.tell(behaviour, options)
    this.log.add({ kind: 'told', what: behaviour.kind })
  }

  /** Lets everyone in again. */
  accept(): void {
    this.#era.door.plan.clear()
    this.log.add({ kind: 'told', what: 'accept' })
  }

  /** Answers those who wait for their answer. */
  release(): void {
    this.log.add({ kind: 'told', what: 'release' })
    this.#era.door.release()
  }

  /** Lets things go wrong. */
  chaos(options?: ChaosOptions): Chaos {
    const storm = new Storm(options)
    const era = this.#era
    const { seed } = storm
    era.storm = storm
    era.log.add({ kind: 'told', what: 'chaos', seed })
    return {
      seed,
      stop: () => {
        if (era.storm !== storm) return
        era.storm = undefined
        era.log.add({ kind: 'told', what: 'calm' })
      },
    }
  }

  /** Sends to a channel or to everyone; resolves to what was sent, `null` where `beforeSend` has dropped it. */
  readonly publish = (
    event: ServerEvent,
    channel: string | undefined,
  ): Promise<ServerEvent | null> => this.#era.publish(event, channel)

  /** Ends every stream and starts anew, with an engine that knows nothing of before. */
  reset(): void {
    this.#era.end()
    this.#kept?.reset()
    this.#resets += 1
    this.#era = this.#nextEra()
    this.astray = undefined
  }

  /** Answers a request; `undefined` means that the server cannot be reached. */
  answer(request: Request, carrier: Carrier): Promise<Response | undefined> {
    return whileAnswering(async (unawaited) => {
      const era = this.#era
      const response = await era.answer(request, carrier, unawaited)
      // A reset came before the answer, so the answer is that there is no more.
      return era === this.#era ? response : refuse({ status: 204 })
    })
  }

  /** Answers a preflight: whatever is asked is allowed, unless the test has its own `cors`. */
  async preflight(request: Request): Promise<Response | undefined> {
    if (this.#era.door.plan.foresee(request).kind === 'unreachable') return undefined
    if (this.#options.cors !== undefined) return this.#era.engine.server.fetch(request)
    const asked = (name: string): string => request.headers.get(name) ?? ''
    return new Response(null, {
      status: 204,
      headers: {
        'access-control-allow-origin': asked('origin') || '*',
        'access-control-allow-credentials': 'true',
        'access-control-allow-methods': asked('access-control-request-method') || 'GET',
        'access-control-allow-headers': asked('access-control-request-headers'),
      },
    })
  }

  #nextEra(): Era<Data> {
    const epoch = new Epoch(this.#resets + 1, this.#order === undefined)
    const order = this.#order ? { provider: this.#order } : { epoch: epoch.name }
    const kept = this.#kept && { replay: this.#kept }
    return new Era({ ...this.#options, ...kept, ...order }, epoch, this.#past)
  }
}

// An order that the caller has made, or has named, goes on through all resets: an engine that ends must not close it.
function ownOrder<Data>(options: EngineOptions<Data>): Provider | undefined {
  const { clock = systemClock, ids = 'auto', epoch } = options
  const own = options.provider ?? (epoch && localProvider({ now: clock.now, ids, epoch }))
  if (!own) return undefined
  return {
    publish: (message) => own.publish(message),
    subscribe: (deliver, alerts) => own.subscribe(deliver, alerts),
    position: () => own.position(),
    caughtUp: own.caughtUp && (() => own.caughtUp?.() ?? Promise.resolve()),
    replay: own.replay,
    get state() {
      return own.state
    },
    close: () => {},
  }
}
