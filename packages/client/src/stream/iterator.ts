/** Where an iterator has its events from: `start` begins to read, and returns what stops it. */
export interface EventSupply<Event> {
  readonly start: (sink: {
    readonly receive: (event: Event) => void
    /** No more will come: because of the error, where there is one. */
    readonly end: (error?: unknown) => void
  }) => () => void
  readonly signal?: AbortSignal | undefined
}

/**
 * Events for `for await`, each one, in order: what nobody has taken yet waits, however much it is.
 *
 * It reads from the first `next` on, and until the loop is left, the stream ends, or the signal aborts.
 */
export function eventIterator<Event>({
  start,
  signal,
}: EventSupply<Event>): AsyncGenerator<Event, undefined, undefined> {
  // What is handed out, and what comes meanwhile.
  let due: Event[] = []
  let queue: Event[] = []
  let over = false
  let failure: unknown
  let stop: (() => void) | undefined
  let wake = idle

  function end(error?: unknown): void {
    if (over) return
    over = true
    failure = error
    signal?.removeEventListener('abort', abort)
    stop?.()
    wake()
  }
  function abort(): void {
    due = queue = []
    end(signal?.reason)
  }
  /** Nothing more is wanted. */
  function leave(): void {
    due = queue = []
    end()
    failure = undefined
  }
  async function* read(): AsyncGenerator<Event, undefined, undefined> {
    signal?.throwIfAborted()
    stop = start({
      receive: (event) => {
        if (!over) queue.push(event)
        wake()
      },
      end,
    })
    // It may have ended before there was anything to stop.
    if (over) stop()
    else signal?.addEventListener('abort', abort)
    for (;;) {
      for (let next = 0; next < due.length; next += 1) yield due[next] as Event
      ;[due, queue] = [queue, []]
      if (due.length > 0) continue
      if (failure !== undefined) throw failure
      if (over) return
      // Who waits has the next event at once, whatever becomes of what follows.
      // oxlint-disable-next-line no-await-in-loop -- there is nothing to hand out
      const [awaited] = await new Promise<Event[]>((resolve) => {
        wake = () => {
          wake = idle
          resolve(queue.splice(0))
        }
      })
      if (awaited !== undefined) yield awaited
    }
  }

  return leavable(read(), leave)
}

/** A generator hears that it is to return only where it waits for nothing else: this one hears at once. */
export function leavable<Event>(
  events: AsyncGenerator<Event, undefined, undefined>,
  leave: () => void,
): AsyncGenerator<Event, undefined, undefined> {
  const finish = events.return.bind(events)
  const fail = events.throw.bind(events)
  return Object.assign(events, {
    return: () => {
      leave()
      return finish(undefined)
    },
    throw: (reason: unknown) => {
      leave()
      return fail(reason)
    },
    [Symbol.asyncDispose]: async () => {
      await events.return(undefined)
    },
  })
}

function idle(): void {}
