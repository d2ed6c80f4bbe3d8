import type { Unawaited } from './activity.ts'
import type { Behaviour } from './behaviour.ts'
import type { Misfortune } from './chaos/chaos.ts'
import type { Log } from './log.ts'
import { Plan } from './plan.ts'
import { WaitingRoom } from './waiting-room.ts'

/** One request that has come. */
export interface Visit {
  readonly request: Request
  readonly client: number
  /** How it fares, where all is not well. */
  readonly fortune: Misfortune | undefined
  readonly unawaited: Unawaited
}

/** Where requests are met: let in, sent away, or told to wait. */
export class Door {
  readonly plan: Plan = new Plan()
  readonly #room = new WaitingRoom()
  readonly #log: Log

  constructor(log: Log) {
    this.#log = log
  }

  /** How this request is met in the end; `undefined` if its client has left before. */
  async meet({ request, client, fortune, unawaited }: Visit): Promise<Behaviour | undefined> {
    let behaviour = this.plan.meet(request)
    while (behaviour.kind === 'withhold') {
      this.#log.add({ kind: 'withheld', client })
      // oxlint-disable-next-line no-await-in-loop -- as often as it is told to wait
      await unawaited(() => this.#room.wait(request.signal))
      if (request.signal.aborted) {
        this.#log.add({ kind: 'closed', client, reason: 'client' })
        return undefined
      }
      behaviour = this.plan.meet(request)
    }
    if (behaviour.kind !== 'accept' || !fortune) return behaviour
    if (fortune.answer === 'refuse') return { kind: 'refuse', refusal: { status: 503 } }
    return { kind: fortune.answer === 'stream' ? 'accept' : 'unreachable' }
  }

  /** Withholds no more, and answers those who wait as connections are met now. */
  release(): void {
    this.plan.forget('withhold')
    this.#room.call()
  }
}
