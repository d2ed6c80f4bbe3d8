import { schedule, type Clock } from '../clock.ts'
import { report } from '../errors.ts'

/** Milliseconds between two writes to the storage: it is slow, and events may not be. */
const WRITE_INTERVAL = 1_000

/** Where a cursor outlives the page: `sessionStorage`, or what has its methods. */
export type CursorStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

export interface CursorOptions {
  readonly clock: Clock
  /** The cursor to start from; empty takes the stored one, where there is a storage. */
  readonly initial: string
  readonly storage: CursorStorage | undefined
  /** Under which the storage keeps it. */
  readonly key: string
}

/** The last event id seen. With a storage it is found again after a reload. */
export class Cursor {
  readonly #options: CursorOptions
  #value: string
  #writing: unknown

  constructor(options: CursorOptions) {
    this.#options = options
    this.#value = options.initial || this.#read()
  }

  get value(): string {
    return this.#value
  }

  set value(lastEventId: string) {
    this.#value = lastEventId
    const { clock, storage } = this.#options
    if (storage === undefined || this.#writing !== undefined) return
    this.#writing = schedule(clock, () => this.save(), WRITE_INTERVAL)
  }

  /** Writes what is not yet written: the page may be about to go. */
  save(): void {
    if (this.#writing === undefined) return
    this.#options.clock.clearTimeout(this.#writing)
    this.#writing = undefined
    const { storage, key } = this.#options
    this.#try(() => {
      if (this.#value === '') storage?.removeItem(key)
      else storage?.setItem(key, this.#value)
    })
  }

  #read(): string {
    const { storage, key } = this.#options
    return this.#try(() => storage?.getItem(key)) ?? ''
  }

  /** A storage may be full, or forbidden: then the cursor lives as long as the page. */
  #try<Value>(use: () => Value): Value | undefined {
    try {
      return use()
    } catch (error) {
      report(error)
      return undefined
    }
  }
}
