import type { Output } from './output.ts'
import { nextTurn } from './turn.ts'

type Chunk = Uint8Array<ArrayBuffer>

/** An output that is the body of a `Response`. */
export interface Body {
  readonly output: Output
  readonly stream: ReadableStream<Chunk>
}

const outputs = new WeakMap<ReadableStream, BodyOutput>()

/**
 * A body that is read at the reader's pace: what piles up between two reads leaves as one chunk.
 *
 * `onLeave` runs when the reader goes away.
 */
export function createBody(onLeave: () => void): Body {
  const output = new BodyOutput(onLeave)
  // Nothing is handed over before it is asked for, so that all of it can still go another way.
  const stream = new ReadableStream<Chunk>(output, { highWaterMark: 0 })
  outputs.set(stream, output)
  return { output, stream }
}

/**
 * Leads a session's bytes straight to an output, past the stream of its body; returns what is to be called when the
 * reader goes away.
 *
 * `undefined` where the stream is no session's, or has been read from, or has ended.
 */
export function divert(stream: ReadableStream, output: Output): (() => void) | undefined {
  return stream.locked ? undefined : outputs.get(stream)?.divert(output)
}

class BodyOutput implements Output, UnderlyingDefaultSource<Chunk> {
  readonly #onLeave: () => void
  #controller: ReadableStreamDefaultController<Chunk> | undefined
  #waiting: Chunk[] = []
  /** Who wants to know when that has been taken. */
  #wondering: (() => void)[] = []
  #backlog = 0
  /** Somebody reads it, and waits for bytes. */
  #asked = false
  #read = false
  #ending = false
  #done = false
  #onDone: (() => void) | undefined
  /** What takes its bytes instead of the stream. */
  #detour: Output | undefined

  constructor(onLeave: () => void) {
    this.#onLeave = onLeave
  }

  get backlog(): number {
    return this.#detour ? this.#detour.backlog : this.#backlog
  }

  write(bytes: Chunk, onTaken?: () => void): void {
    if (this.#done || this.#ending) return
    if (this.#detour) {
      this.#detour.write(bytes, onTaken)
      return
    }
    this.#waiting.push(bytes)
    this.#backlog += bytes.length
    if (onTaken) this.#wondering.push(onTaken)
    if (!this.#asked) return
    this.#asked = false
    this.#hand()
  }

  end(onDone: () => void): void {
    if (this.#done || this.#ending) return
    this.#ending = true
    this.#onDone = onDone
    if (this.#detour) this.#detour.end(() => this.#drop())
    else if (this.#waiting.length === 0) this.#finish()
  }

  abort(error: unknown): void {
    if (this.#done) return
    this.#drop()
    if (this.#detour) this.#detour.abort(error)
    else this.#controller?.error(error)
  }

  divert(output: Output): (() => void) | undefined {
    if (this.#done || this.#read) return undefined
    const wondering = this.#wondering.splice(0)
    const onTaken = (): void => {
      for (const tell of wondering) tell()
    }
    if (this.#waiting.length > 0) output.write(this.#take(), onTaken)
    if (this.#ending) output.end(() => this.#drop())
    this.#detour = output
    // The stream and all that hangs on it can go.
    this.#controller = undefined
    return () => this.cancel()
  }

  start(controller: ReadableStreamDefaultController<Chunk>): void {
    this.#controller = controller
  }

  pull(): void {
    this.#read = true
    this.#asked = this.#waiting.length === 0
    if (!this.#asked) this.#hand()
    if (this.#ending) this.#finish()
  }

  cancel(): void {
    if (this.#done) return
    this.#drop()
    this.#onLeave()
  }

  #finish(): void {
    this.#controller?.close()
    this.#drop()
  }

  #hand(): void {
    this.#controller?.enqueue(this.#take())
    for (const tell of this.#wondering.splice(0)) nextTurn(tell)
  }

  #take(): Chunk {
    const bytes = concat(this.#waiting, this.#backlog)
    this.#waiting = []
    this.#backlog = 0
    return bytes
  }

  #drop(): void {
    this.#done = true
    this.#waiting = []
    this.#wondering = []
    this.#backlog = 0
    this.#onDone?.()
  }
}

function concat(chunks: readonly Chunk[], length: number): Chunk {
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
