interface Work {
  /** Called with every reader that comes; what runs already goes on. */
  readonly start: () => void
  readonly stop: () => void
  /** Milliseconds for which it goes on when the last reader has gone: who only lost the line comes back. */
  readonly patience: number
}

interface WhileRead {
  readonly onConnect: () => void
  readonly onDisconnect: () => void
  /** Stops it, for good. */
  readonly end: () => void
}

/** Has something done while somebody reads a stream: hooks for its server. */
export function whileRead({ start, stop, patience }: Work): WhileRead {
  let readers = 0
  let leaving: NodeJS.Timeout | undefined
  let over = false
  return {
    onConnect: () => {
      readers += 1
      clearTimeout(leaving)
      if (!over) start()
    },
    onDisconnect: () => {
      readers -= 1
      if (readers === 0 && !over) leaving = setTimeout(stop, patience)
    },
    end: () => {
      over = true
      clearTimeout(leaving)
      stop()
    },
  }
}
