import type { Clock } from '../clock.ts'
import type { EventServerError } from '../error.ts'
import type { ProviderState } from '../provider-state.ts'

type Status = ProviderState['status']

/** What a standing is made with. */
export interface StandingOptions {
  readonly clock: Clock
  /** Publishes that wait now. */
  readonly waiting: () => number
  /** The status is another. */
  readonly changed: (state: ProviderState) => void
}

/** How a provider stands, and since when. */
export class Standing {
  readonly #options: StandingOptions
  #status: Status = 'connecting'
  #since: number
  #error: EventServerError | undefined

  constructor(options: StandingOptions) {
    this.#options = options
    this.#since = options.clock.now()
  }

  get state(): ProviderState {
    const waiting = this.#options.waiting()
    return { status: this.#status, since: this.#since, error: this.#error, waiting }
  }

  /** Tells whether that is news; what is closed stays closed. */
  become(status: Status, error?: EventServerError): boolean {
    if (this.#status === 'closed') return false
    this.#error = error
    if (status === this.#status) return false
    this.#status = status
    this.#since = this.#options.clock.now()
    this.#options.changed(this.state)
    return true
  }
}
