import { noteReturning, noteTravelling, noteUnread } from '../activity.ts'
import { Boundary } from '../boundary.ts'
import type { FarSide } from '../wire.ts'

let clients = 0

/** A client in this page that is reached through a Service Worker: what is on its way between the two. */
export abstract class PageClient implements FarSide {
  abstract readonly isEndedByErrors: boolean
  /** What its requests are marked with. */
  readonly id: string = String((clients += 1))
  readonly #gone = new AbortController()
  #isHeadComing = false

  /** Aborted when the client has left: no Service Worker says that of a request. */
  get gone(): AbortSignal {
    return this.#gone.signal
  }

  /** It has asked, or it has been answered: the other side will see that by itself. */
  await(): void {
    this.#isHeadComing = true
    this.note()
  }

  /** Its request has come, or its answer has. */
  arrived(): void {
    this.#isHeadComing = false
    this.note()
  }

  /** It reads no more. */
  leave(reason?: unknown): void {
    this.#gone.abort(reason)
    this.note()
  }

  abstract wrote(bytes: Uint8Array, put: (more: Uint8Array<ArrayBuffer>) => void): void
  abstract over(): void

  /** Whether something of the stream is on its way. */
  protected abstract get isStreamComing(): boolean
  /** Whether it has something that it has not come back from. */
  protected abstract get isReading(): boolean

  protected note(): void {
    const isHere = !this.gone.aborted
    noteTravelling(this, isHere && (this.#isHeadComing || this.isStreamComing))
    noteUnread(this, isHere && this.isReading)
  }
}

/** Where clients of this page are looked after. */
export interface Watch {
  readonly isWatched: (url: string) => boolean
  readonly add: (client: PageClient) => void
}

/** A client that fetches: it is done with what it has read when it asks for more. */
export class FetchClient extends PageClient {
  readonly isEndedByErrors = false
  /** Whether its answer is a stream of the fake. */
  isStream = false
  #coming = 0
  #isAsking = false
  #hasSome = false
  #isEnding = false

  wrote({ length }: Uint8Array): void {
    this.isStream = true
    this.#coming += length
    this.note()
  }

  over(): void {
    this.isStream = true
    this.#isEnding = true
    this.note()
  }

  /** It asks for more. */
  ask(): void {
    this.#isAsking = true
    this.#hasSome = false
    this.note()
  }

  /** It has been given so much. */
  give({ length }: Uint8Array): void {
    this.#isAsking = false
    this.#hasSome = true
    this.#coming -= length
    this.note()
  }

  /** It has seen the end. */
  end(): void {
    this.#isAsking = false
    this.#isEnding = false
    this.#coming = 0
    this.note()
  }

  protected get isStreamComing(): boolean {
    return this.#isAsking && (this.#coming > 0 || this.#isEnding)
  }

  protected get isReading(): boolean {
    return !this.#isAsking && (this.#hasSome || this.#coming > 0 || this.#isEnding)
  }
}

/** The type of the events that ask a client whether it has all that came before. */
export const MARK = 'millrace-testing-mark'

/** A native `EventSource`: it is asked in its own stream. */
export class SourceClient extends PageClient {
  readonly isEndedByErrors = true
  #written = new Boundary()
  #marks = 0
  #isAsked = false
  #isEnding = false

  wrote(bytes: Uint8Array, put: (more: Uint8Array<ArrayBuffer>) => void): void {
    this.#written.add(bytes)
    // Within an event it cannot be asked, and it has seen nothing of that.
    if (!this.#written.isBetweenEvents) return
    this.#marks += 1
    this.#isAsked = true
    put(new TextEncoder().encode(`event: ${MARK}\ndata: ${this.#marks}\n\n`))
    this.note()
  }

  over(): void {
    this.#isEnding = true
    this.note()
  }

  /** It has all that came before this mark. */
  reach(mark: string): void {
    if (mark === String(this.#marks)) this.#isAsked = false
    this.note()
  }

  /** It has seen the end, and comes back by itself or does not. */
  end(isReturning: boolean): void {
    this.#isAsked = false
    this.#isEnding = false
    this.#written = new Boundary()
    this.arrived()
    noteReturning(this, isReturning && !this.gone.aborted)
  }

  override arrived(): void {
    noteReturning(this, false)
    super.arrived()
  }

  override leave(reason?: unknown): void {
    noteReturning(this, false)
    super.leave(reason)
  }

  protected get isStreamComing(): boolean {
    return this.#isAsked || this.#isEnding
  }

  protected get isReading(): boolean {
    return false
  }
}
