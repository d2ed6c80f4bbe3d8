import type { EventServer } from '@millrace/server'
import { LINE_RATE, type Level } from '../../wire/log.ts'
import { pick } from '../random.ts'

/** Milliseconds between two beats, each of which writes what is due since the last one. */
const BEAT = 20

/** Lines that one beat writes at most: a machine that slept has nothing to make up for. */
const MOST = LINE_RATE

const templates: readonly (readonly [level: Level, text: (n: number) => string])[] = [
  ['debug', (n) => `stones: gap is ${(n % 90) / 100} mm at ${n % 12} o’clock`],
  ['debug', (n) => `gear: tooth ${n % 48} of 48 has passed`],
  ['info', (n) => `sluice: ${(n % 700) + 300} litres let in`],
  ['info', (n) => `wheel: turned once in ${(n % 2_000) + 4_000} ms`],
  ['info', (n) => `hopper: sack ${n % 1_000} of rye poured`],
  ['info', (n) => `bolter: sack ${n % 1_000} of flour tied`],
  ['warn', (n) => `bearing: ${(n % 30) + 60} °C, grease it`],
  ['error', (n) => `grate: a branch of ${(n % 80) + 20} cm, stopped for it`],
]

/** The log of a mill, at full speed while it runs. */
export class LogWriter {
  readonly #publish: EventServer['publish']
  readonly #random: () => number
  #timer: NodeJS.Timeout | undefined
  #due = 0
  #written = 0

  constructor(publish: EventServer['publish'], random: () => number) {
    this.#publish = publish
    this.#random = random
  }

  /** The `seq` of the newest line. */
  get written(): number {
    return this.#written
  }

  start(): void {
    if (this.#timer !== undefined) return
    let last = performance.now()
    this.#timer = setInterval(() => {
      const now = performance.now()
      this.#due = Math.min(MOST, this.#due + ((now - last) * LINE_RATE) / 1_000)
      last = now
      for (; this.#due >= 1; this.#due -= 1) this.#write()
    }, BEAT)
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #write(): void {
    const [level, text] = pick(templates, this.#random)
    const seq = (this.#written += 1)
    const data = { seq, at: Date.now(), level, text: text(Math.floor(this.#random() * 100_000)) }
    // The event server tells of a publish that fails.
    this.#publish('log', { event: 'line', data }).catch(() => {})
  }
}
