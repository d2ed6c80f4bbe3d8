import { invalid, optionsOf, shown } from '../argument.ts'
import type { HarnessError } from '../error.ts'
import type { Fate } from './lane.ts'
import { randomOf } from './random.ts'

/**
 * What goes wrong, and how often: each a chance from 0 (never) to 1 (always).
 *
 * @example
 * events.chaos({ seed: 7, drop: 0.2, refuse: 0 })
 */
export interface ChaosOptions {
  /** A whole number; the same one makes the same things go wrong. Defaults to one by chance, which errors tell. */
  readonly seed?: number
  /** That a write arrives in pieces, cut anywhere. Defaults to 0.5. */
  readonly split?: number
  /** That a piece is some turns late. Defaults to 0.3. */
  readonly delay?: number
  /** That the stream breaks off within a write, or after it. Defaults to 0.1. */
  readonly drop?: number
  /** That who comes back with a cursor is sent again some of what came before it. Defaults to 0.3. */
  readonly duplicate?: number
  /** That a connection gets a 503, or no answer at all. Defaults to 0.1. */
  readonly refuse?: number
  /** That an answer is some turns late, so that clients come back in another order. Defaults to 0.5. */
  readonly reorder?: number
}

/**
 * A server and a network at their worst, until it is stopped.
 *
 * @example
 * const storm = events.chaos({ seed: 7 })
 * // …
 * storm.stop()
 */
export interface Chaos {
  /** What makes the same things go wrong again. */
  readonly seed: number
  /** From now on all is well. */
  readonly stop: () => void
}

type Chances = Required<Omit<ChaosOptions, 'seed'>>

const DEFAULTS: Chances = {
  split: 0.5,
  delay: 0.3,
  drop: 0.1,
  duplicate: 0.3,
  refuse: 0.1,
  reorder: 0.5,
}

const MOST_PIECES = 8
const MOST_TURNS_LATE = 6
const MOST_REPEATED = 5
const SEEDS = 2 ** 31

/** How one request fares. */
export interface Misfortune {
  /** Turns until it is answered. */
  readonly late: number
  readonly answer: 'stream' | 'refuse' | 'unreachable'
  /** Events from before its cursor that it is sent again. */
  readonly repeats: number
  /** What becomes of a write to it. */
  readonly fateOf: (bytes: Uint8Array<ArrayBuffer>) => Fate
}

/** Decides what goes wrong. */
export class Storm {
  readonly seed: number
  readonly #chances: Chances
  readonly #met = new Map<number, Misfortune>()

  constructor(options: ChaosOptions = {}) {
    const { seed = Math.floor(Math.random() * SEEDS), ...chances } = optionsOf(
      'chaos',
      options,
      '{ seed: 7 }',
    )
    if (!Number.isSafeInteger(seed)) throw wrong('seed', seed, 'a whole number')
    for (const [name, chance] of Object.entries(chances)) {
      if (!(name in DEFAULTS))
        throw wrong(name, chance, `one of ${Object.keys(DEFAULTS).join(', ')}`)
      if (chance !== undefined && !(typeof chance === 'number' && chance >= 0 && chance <= 1)) {
        throw wrong(name, chance, 'a chance from 0 to 1')
      }
    }
    this.seed = seed
    this.#chances = { ...DEFAULTS, ...defined(chances) }
  }

  /** How the request with this number fares: by the seed alone, whatever happens to the others meanwhile. */
  meet(request: number): Misfortune {
    const met = this.#met.get(request) ?? this.#misfortune(request)
    this.#met.set(request, met)
    return met
  }

  #misfortune(request: number): Misfortune {
    const random = randomOf(this.seed, request)
    const { duplicate, refuse, reorder } = this.#chances
    const happens = (chance: number): boolean => random() < chance
    const upTo = (most: number): number => 1 + Math.floor(random() * most)
    const late = happens(reorder) ? upTo(MOST_TURNS_LATE) : 0
    const isRefused = happens(refuse)
    return {
      late,
      answer: isRefused ? (happens(0.5) ? 'refuse' : 'unreachable') : 'stream',
      repeats: happens(duplicate) ? upTo(MOST_REPEATED) : 0,
      fateOf: (bytes) => this.#fateOf(bytes, random),
    }
  }

  #fateOf(bytes: Uint8Array<ArrayBuffer>, random: () => number): Fate {
    const { split, delay, drop } = this.#chances
    const breaks = random() < drop
    // Within the write or just after it: an event that has arrived whole is the harder case.
    const heard =
      breaks && random() < 0.7 ? bytes.subarray(0, Math.floor(random() * bytes.length)) : bytes
    const cuts = random() < split ? cutsOf(heard.length, random) : []
    const pieces = [0, ...cuts].map((start, index) => ({
      after: random() < delay ? 1 + Math.floor(random() * MOST_TURNS_LATE) : Math.min(index, 1),
      bytes: heard.subarray(start, cuts[index]),
    }))
    return { pieces, breaks }
  }
}

function cutsOf(length: number, random: () => number): number[] {
  const cuts = new Set<number>()
  const count = 1 + Math.floor(random() * (MOST_PIECES - 1))
  for (let cut = 0; cut < count; cut += 1) cuts.add(Math.floor(random() * length))
  cuts.delete(0)
  return [...cuts].toSorted((left, right) => left - right)
}

function defined(chances: Omit<ChaosOptions, 'seed'>): Partial<Chances> {
  return Object.fromEntries(Object.entries(chances).filter(([, chance]) => chance !== undefined))
}

function wrong(name: string, value: unknown, wanted: string): HarnessError {
  return invalid('make chaos', `${name} is ${shown(value)}`, `give ${wanted}`)
}
