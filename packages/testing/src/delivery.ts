import { movesSoFar } from './activity.ts'
import { barrier, stillBusy } from './barrier.ts'
import { leadTo } from './error.ts'

/**
 * Runs a delivery inside what the rendering needs around it, such as React's `act`.
 *
 * @example
 * const wrap: Wrap = async (deliver) => {
 *   await deliver()
 *   await nextTick() // of Vue
 * }
 */
export type Wrap = (deliver: () => Promise<void>) => Promise<void>

const MAX_ROUNDS = 100

// One for all fakes and clocks of a process: React's `act` must not overlap.
let tail: Promise<unknown> = Promise.resolve()
let ahead = 0

// At once where nothing is ahead: what a component has just begun must not go on before `act` has.
function inTurn<Result>(task: () => Promise<Result>): Promise<Result> {
  const call = new Error('called')
  const run = async (): Promise<Result> => {
    try {
      return await task()
    } catch (error) {
      leadTo(call, error)
      throw error
    } finally {
      ahead -= 1
    }
  }
  ahead += 1
  const result = ahead === 1 ? run() : tail.then(run)
  tail = result.then(ignore, ignore)
  return result
}

/** Does things one after the other, each from a state of rest to the next. */
export class Delivery {
  readonly #wrap: Wrap

  constructor(wrap: Wrap) {
    this.#wrap = wrap
  }

  /** Waits until all is quiet, acts, and resolves when all is quiet again. */
  run<Result>(action: () => Result | Promise<Result>): Promise<Result> {
    return inTurn(async () => {
      await this.#rest()
      const result = await this.#act(action)
      await this.#rest()
      return result
    })
  }

  /** As `run`, but acts and rests again whatever goes wrong; the first failure is told when it is over. */
  runAnyway(action: () => void): Promise<void> {
    return inTurn(async () => {
      const failures = new Failures()
      await failures.collect(() => this.#rest())
      await failures.collect(() => this.#act(action))
      await failures.collect(() => this.#rest())
      failures.throwFirst()
    })
  }

  /**
   * Acts again and again, until told that there is nothing left to do; each act ends in rest. What fails does not keep
   * the others from being done, and is told when they are; what never comes to rest ends it.
   */
  runAll(next: () => (() => void | Promise<void>) | undefined): Promise<void> {
    return inTurn(async () => {
      const failures = new Failures()
      await this.#rest()
      for (let action = next(); action; action = next()) {
        const act = action
        // oxlint-disable-next-line no-await-in-loop -- one after the other is the point
        await failures.collect(() => this.#act(act))
        // oxlint-disable-next-line no-await-in-loop -- and what it led to before the next
        await this.#rest()
      }
      failures.throwFirst()
    })
  }

  async #act<Result>(action: () => Result | Promise<Result>): Promise<Result> {
    let outcome: (() => Result) | undefined
    await this.#wrap(async () => {
      try {
        const result = await action()
        outcome = () => result
      } catch (error) {
        outcome = () => {
          throw error
        }
      }
      await barrier.pass()
    })
    if (!outcome) throw new TypeError('Cannot deliver: wrap did not run what it was given.')
    return outcome()
  }

  // To leave the wrap can start something new: React runs effects then, and these open streams.
  async #rest(): Promise<void> {
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const before = movesSoFar()
      // oxlint-disable-next-line no-await-in-loop -- a round starts where the last one led
      await this.#wrap(() => barrier.pass())
      if (movesSoFar() === before) return
    }
    throw stillBusy()
  }
}

/** Keeps what has gone wrong until what has to be done is done. */
class Failures {
  readonly #errors: unknown[] = []

  async collect(step: () => Promise<void>): Promise<void> {
    try {
      await step()
    } catch (error) {
      this.#errors.push(error)
    }
  }

  throwFirst(): void {
    if (this.#errors.length > 0) throw this.#errors[0]
  }
}

/** Wraps nothing around a delivery. */
export const unwrapped: Wrap = (deliver) => deliver()

function ignore(): void {}
