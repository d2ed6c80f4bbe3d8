/** Where a session's bytes go: the port between the engine and whatever carries them. */
export interface Output {
  /** Bytes taken and not yet read by the other side. */
  readonly backlog: number
  /** Takes one turn's bytes, which several sessions may share. */
  readonly write: (bytes: Uint8Array<ArrayBuffer>) => void
  /** Ends after what was written; `onDone` runs when that was read, or dropped. */
  readonly end: (onDone?: () => void) => void
  /** Breaks off at once, what was written and not read is dropped. */
  readonly abort: (error: unknown) => void
}

/** An output that is the body of a `Response`. */
export interface Body {
  readonly output: Output
  readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>
}

/**
 * A body that is read at the reader's pace: what piles up between two reads leaves as one chunk.
 *
 * `onCancel` runs when the reader goes away.
 */
export function createBody(onCancel: () => void): Body {
  let controller!: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>
  let waiting: Uint8Array<ArrayBuffer>[] = []
  let backlog = 0
  let ending = false
  let done = false
  let onEnd: (() => void) | undefined

  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      start: (it) => void (controller = it),
      pull: () => {
        if (waiting.length > 0) controller.enqueue(concat(waiting, backlog))
        waiting = []
        backlog = 0
        if (ending) finish()
      },
      cancel: () => {
        drop()
        onCancel()
      },
    },
    { highWaterMark: 1 },
  )

  function finish(): void {
    controller.close()
    drop()
  }

  function drop(): void {
    done = true
    waiting = []
    backlog = 0
    onEnd?.()
  }

  const output: Output = {
    get backlog() {
      return backlog
    },
    write: (bytes) => {
      if (done || ending) return
      if (waiting.length === 0 && (controller.desiredSize ?? 0) > 0) {
        controller.enqueue(bytes)
      } else {
        waiting.push(bytes)
        backlog += bytes.length
      }
    },
    end: (onDone) => {
      if (done || ending) return
      ending = true
      onEnd = onDone
      if (waiting.length === 0) finish()
    },
    abort: (error) => {
      if (done) return
      drop()
      controller.error(error)
    },
  }
  return { output, stream }
}

function concat(
  chunks: readonly Uint8Array<ArrayBuffer>[],
  length: number,
): Uint8Array<ArrayBuffer> {
  const [only] = chunks
  if (only && chunks.length === 1) return only
  const whole = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}
