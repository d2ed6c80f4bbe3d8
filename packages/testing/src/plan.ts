import { invalid, optionsOf, shown } from './argument.ts'
import type { Behaviour } from './behaviour.ts'

/**
 * Which of the next connections are met in a way.
 *
 * @example
 * events.refuse({ status: 503 }, { times: 2 }) // the third is let in
 */
export interface MeetOptions {
  /** So many of them, at least 1. Defaults to all, until something else is told. */
  readonly times?: number
  /** Only those for which this is true. Defaults to all. */
  readonly when?: (request: Request) => boolean
}

interface Rule {
  readonly behaviour: Behaviour
  readonly when: ((request: Request) => boolean) | undefined
  left: number
}

const accept: Behaviour = { kind: 'accept' }

/** Knows how the next connections are met: first what was told for some of them, in that order, then what was told for all. */
export class Plan {
  #some: Rule[] = []
  #all: Rule[] = []

  /** Meets connections so. */
  tell(behaviour: Behaviour, options: MeetOptions = {}): void {
    const { times, when } = optionsOf(behaviour.kind, options, '{ times: 2 }')
    if (times !== undefined && !(Number.isSafeInteger(times) && times > 0)) {
      throw invalid(
        `meet ${shown(times)} connections`,
        'it is no number of them',
        'give a whole number from 1 up, or leave times out',
      )
    }
    if (when !== undefined && typeof when !== 'function') {
      throw invalid(`ask ${shown(when)} when`, 'it is no function', 'give (request) => boolean')
    }
    const rule = { behaviour, when, left: times ?? Infinity }
    if (times !== undefined) this.#some.push(rule)
    // What was told last goes first; where it is for everyone, nothing comes after it.
    else this.#all = when ? [rule, ...this.#all] : [rule]
  }

  /** Meets every connection with a stream again. */
  clear(): void {
    this.#some = []
    this.#all = []
  }

  /** Meets no more connections so. */
  forget(kind: Behaviour['kind']): void {
    const isOther = ({ behaviour }: Rule): boolean => behaviour.kind !== kind
    this.#some = this.#some.filter(isOther)
    this.#all = this.#all.filter(isOther)
  }

  /** How this request is met. */
  meet(request: Request): Behaviour {
    const rule = this.#ruleFor(request)
    if (rule) rule.left -= 1
    this.#some = this.#some.filter(({ left }) => left > 0)
    return rule?.behaviour ?? accept
  }

  /** How this request would be met. */
  foresee(request: Request): Behaviour {
    return this.#ruleFor(request)?.behaviour ?? accept
  }

  #ruleFor(request: Request): Rule | undefined {
    return [...this.#some, ...this.#all].find(({ when }) => when?.(request) ?? true)
  }
}
