/// <reference lib="esnext.disposable" preserve="true" />
import type { Line, Link, Waiting } from './broker-line.ts'

/**
 * How a stream of a broker is read.
 *
 * @example
 * broker.subscribe('orders', { signal: request.signal })
 */
export interface SubscribeOptions {
  /** Ends the stream, quietly, what was not read of it is dropped. Defaults to nothing that does. */
  readonly signal?: AbortSignal | undefined
}

/**
 * How long one value is waited for.
 *
 * @example
 * await stream.next({ signal: AbortSignal.timeout(1_000) })
 */
export interface NextOptions {
  /** Gives this one wait up: it rejects with the signal's reason, and no value is lost. Defaults to nothing that does. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Everything that is published from the subscription on, in order, at the reader's own pace: nothing is skipped, and what
 * is unread is kept.
 *
 * @example
 * for await (const order of broker.subscribe('orders')) ship(order)
 */
export interface BrokerStream<Value> extends AsyncDisposable {
  /** What was taken last; `undefined` before the first. */
  readonly value: Value | undefined
  /** Whether `next` has something to give at once. */
  readonly hasNext: boolean
  /** The next value, as soon as there is one; `done` at the end. Who asks first is served first. */
  readonly next: (options?: NextOptions) => Promise<IteratorResult<Value, undefined>>
  /** Another stream that goes on from here, on its own. Its `signal` is its own, too. */
  readonly clone: (options?: SubscribeOptions) => BrokerStream<Value>
  /** Ends the stream; whoever waits for a value is told so. */
  readonly return: () => Promise<IteratorReturnResult<undefined>>
  readonly [Symbol.asyncIterator]: () => BrokerStream<Value>
}

/** Where a stream begins. */
export interface Start<Value> {
  readonly line: Line<Value>
  readonly at: Link<Value>
  /** The last reader of the line has gone. */
  readonly onEmpty: (line: Line<Value>) => void
  readonly signal?: AbortSignal | undefined
}

interface Waiter<Value> {
  readonly resolve: (result: IteratorResult<Value, undefined>) => void
  /** It is waited for no longer. */
  readonly settled: () => void
}

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined }

/** A stream from within: a place in a line. */
export class Cursor<Value> implements BrokerStream<Value>, Waiting {
  readonly #start: Start<Value>
  #at: Link<Value>
  #value: Value | undefined
  #waiters: Waiter<Value>[] = []
  #ended = false

  constructor(start: Start<Value>) {
    const { line, at, signal } = start
    this.#start = start
    this.#at = at
    line.readers += 1
    signal?.addEventListener('abort', this.#end, { once: true })
    if (signal?.aborted) this.#end()
  }

  get value(): Value | undefined {
    return this.#value
  }

  get hasNext(): boolean {
    return !this.#ended && this.#at.next !== undefined
  }

  readonly next = ({ signal }: NextOptions = {}): Promise<IteratorResult<Value, undefined>> => {
    if (signal?.aborted) return Promise.reject(signal.reason as Error)
    const ready = this.#take()
    return ready ? Promise.resolve(ready) : this.#wait(signal)
  }

  readonly clone = ({ signal }: SubscribeOptions = {}): BrokerStream<Value> => {
    const clone = new Cursor({ ...this.#start, at: this.#at, signal })
    clone.#value = this.#value
    if (this.#ended) clone.#end()
    return clone
  }

  readonly return = (): Promise<IteratorReturnResult<undefined>> => {
    this.#end()
    return Promise.resolve(DONE)
  }

  readonly [Symbol.asyncIterator] = (): this => this

  readonly [Symbol.asyncDispose] = async (): Promise<void> => {
    this.#end()
  }

  /** The line has more, or has ended. */
  wake(): void {
    const ready = this.#take()
    if (!ready) return
    const waiter = this.#waiters.shift()
    if (this.#waiters.length === 0) this.#start.line.forget(this)
    waiter?.settled()
    waiter?.resolve(ready)
  }

  // What is there to give at once, be it the end.
  #take(): IteratorResult<Value, undefined> | undefined {
    if (this.#ended) return DONE
    const { next } = this.#at
    if (next) {
      this.#at = next
      this.#value = next.value
      return { done: false, value: next.value as Value }
    }
    if (!this.#start.line.ended) return undefined
    this.#end()
    return DONE
  }

  #wait(signal: AbortSignal | undefined): Promise<IteratorResult<Value, undefined>> {
    return new Promise((resolve, reject) => {
      const give = (): void => {
        this.#waiters = this.#waiters.filter((one) => one !== waiter)
        if (this.#waiters.length === 0) this.#start.line.forget(this)
        reject(signal?.reason as Error)
      }
      const waiter = { resolve, settled: () => signal?.removeEventListener('abort', give) }
      signal?.addEventListener('abort', give, { once: true })
      this.#waiters.push(waiter)
      this.#start.line.await(this)
    })
  }

  readonly #end = (): void => {
    if (this.#ended) return
    this.#ended = true
    const { line, signal, onEmpty } = this.#start
    signal?.removeEventListener('abort', this.#end)
    line.forget(this)
    line.readers -= 1
    if (line.readers === 0) onEmpty(line)
    // What it has not read is nobody's through it.
    this.#at = { value: undefined, next: undefined }
    for (const { resolve, settled } of this.#waiters.splice(0)) {
      settled()
      resolve(DONE)
    }
  }
}
