/** Where an iterator has its events from: `start` begins to read, and returns what stops it. */
export interface EventSupply<Event> {
  readonly start: (sink: {
    readonly receive: (event: Event) => void
    /** No more will come: because of the error, where there is one. */
    readonly end: (error?: unknown) => void
  }) => () => void
  readonly signal?: AbortSignal | undefined
}

interface Waiter<Event> {
  readonly resolve: (result: IteratorResult<Event, undefined>) => void
  readonly reject: (reason: unknown) => void
}

/**
 * Events for `for await`, each one, in order: what nobody has taken yet waits, however much it is.
 *
 * It reads from the first `next` on, and until the loop is left, the stream ends, or the signal aborts.
 */
export class EventIterator<Event> implements AsyncIterableIterator<Event, undefined> {
  readonly #supply: EventSupply<Event>
  #queue: Event[] = []
  /** How many of the queue are taken: the array is cut now and then, not with each event. */
  #taken = 0
  #waiters: Waiter<Event>[] = []
  #stop: (() => void) | undefined
  #started = false
  #over = false
  /** Why it is over, until somebody has been told. */
  #failure: { readonly reason: unknown } | undefined

  constructor(supply: EventSupply<Event>) {
    this.#supply = supply
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<IteratorResult<Event, undefined>> {
    this.#start()
    if (this.#taken < this.#queue.length) {
      return Promise.resolve({ done: false, value: this.#take() })
    }
    if (!this.#over) {
      return new Promise((resolve, reject) => this.#waiters.push({ resolve, reject }))
    }
    const failure = this.#failure
    this.#failure = undefined
    return failure === undefined ? Promise.resolve(done) : Promise.reject(failure.reason)
  }

  return(): Promise<IteratorResult<Event, undefined>> {
    this.#leave()
    return Promise.resolve(done)
  }

  throw(reason?: unknown): Promise<IteratorResult<Event, undefined>> {
    this.#leave()
    return Promise.reject(reason)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return()
  }

  #start(): void {
    if (this.#started) return
    this.#started = true
    const { start, signal } = this.#supply
    if (signal?.aborted) {
      this.#end({ reason: signal.reason })
      return
    }
    const abort = () => {
      this.#queue = []
      this.#taken = 0
      this.#end({ reason: signal?.reason })
    }
    try {
      const stop = start({
        receive: (event) => this.#receive(event),
        end: (error) => this.#end(error === undefined ? undefined : { reason: error }),
      })
      this.#stop = () => {
        signal?.removeEventListener('abort', abort)
        stop()
      }
      signal?.addEventListener('abort', abort)
      // It may have ended before there was anything to stop.
      if (this.#over) this.#letGo()
    } catch (error) {
      this.#end({ reason: error })
    }
  }

  #receive(event: Event): void {
    if (this.#over) return
    const waiter = this.#waiters.shift()
    if (waiter === undefined) this.#queue.push(event)
    else waiter.resolve({ done: false, value: event })
  }

  #take(): Event {
    const event = this.#queue[this.#taken] as Event
    this.#taken += 1
    if (this.#taken * 2 > this.#queue.length) {
      this.#queue = this.#queue.slice(this.#taken)
      this.#taken = 0
    }
    return event
  }

  /** Nothing more is wanted. */
  #leave(): void {
    this.#started = true
    this.#queue = []
    this.#taken = 0
    this.#end(undefined)
    this.#failure = undefined
  }

  #end(failure: { readonly reason: unknown } | undefined): void {
    if (this.#over) return
    this.#over = true
    const [first, ...rest] = this.#waiters
    this.#waiters = []
    // The first to wait is told why; whoever asks after that hears that it is done.
    if (failure !== undefined && first !== undefined) first.reject(failure.reason)
    else {
      this.#failure = failure
      first?.resolve(done)
    }
    for (const waiter of rest) waiter.resolve(done)
    this.#letGo()
  }

  #letGo(): void {
    this.#stop?.()
    this.#stop = undefined
  }
}

const done: IteratorReturnResult<undefined> = { done: true, value: undefined }
