import { schedule, type Clock } from '../clock.ts'

/** Milliseconds of silence after which the tab that leads is asked whether it is there. */
const SILENCE = 400
/** Milliseconds that it has to answer; some tabs wait longer than others, so that not all lose patience at once. */
const GRACE = 300
const SPREAD = 200
/** How much longer a tab waits that nobody sees; and at the most, one that was replaced itself. */
const LONGER = 4
/** A timer that comes this many milliseconds late was held up, as what arrived meanwhile may have been. */
const LATE = 100

/** Milliseconds before which nobody loses patience. */
export const SOONEST: number = SILENCE + GRACE - LATE

/** Waits for the tab that leads to be heard; has it asked when it is silent, and is lost when it does not answer. */
export class Patience {
  readonly #clock: Clock
  readonly #onSilence: () => void
  readonly #onLost: () => void
  #timer: unknown
  #heardAt = 0
  /** How often it was asked since it was heard. */
  #asked = 0
  /** How much longer it waits. */
  #more = 1

  constructor(clock: Clock, onSilence: () => void, onLost: () => void) {
    this.#clock = clock
    this.#onSilence = onSilence
    this.#onLost = onLost
  }

  /** The tab that leads was heard, or from now on should be. */
  heard(): void {
    this.#heardAt = this.#clock.now()
    this.#asked = 0
    if (this.#timer === undefined) this.#wait(SILENCE)
  }

  /** This tab was taken for lost, and is not: on a machine as slow as that, others may not be either. */
  grow(): void {
    this.#more = Math.min(2 * this.#more, LONGER)
  }

  /** Nobody is waited for. */
  stop(): void {
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #wait(delay: number): void {
    const patient = delay * this.#more * (unseen() ? LONGER : 1)
    const due = this.#clock.now() + patient
    this.#timer = schedule(this.#clock, () => this.#look(due), patient)
  }

  #look(due: number): void {
    this.#timer = undefined
    const now = this.#clock.now()
    const left = this.#heardAt + SILENCE - now
    const isLate = now - due > LATE
    // More than there ever was is left where the clock was set back.
    if (this.#asked === 0 && left > 0 && left <= SILENCE) {
      this.#wait(left)
    } else if (this.#asked === 0 || (this.#asked === 1 && isLate)) {
      this.#asked += 1
      this.#wait(GRACE + SPREAD * this.#clock.random())
      this.#onSilence()
    } else {
      this.#onLost()
    }
  }
}

function unseen(): boolean {
  const { document } = globalThis as { document?: Document }
  return document?.visibilityState === 'hidden'
}
