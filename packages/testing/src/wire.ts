import { noteMove, noteUnread } from './activity.ts'

/** Where the bytes of one answer go. */
export interface Outlet {
  readonly write: (bytes: Uint8Array<ArrayBuffer>) => void
  /** Ends in good order. */
  readonly close: () => void
  /** Breaks off. */
  readonly fail: (error: unknown) => void
}

/** What is told of the bytes that leave for a client in this page, where a Service Worker stands between. */
export interface FarSide {
  /** Whether it gives up when a stream breaks: then one that ends stands for it. */
  readonly isEndedByErrors: boolean
  /** Bytes have left; `put` sends more of them, untold. */
  readonly wrote: (bytes: Uint8Array, put: (more: Uint8Array<ArrayBuffer>) => void) => void
  /** Nothing more will come. */
  readonly over: () => void
}

/** What a wire is made of. */
export interface WireParts {
  /** In Node, MSW sends the head with the first chunk only: an empty one, which clients never see. */
  readonly emptyStart: boolean
  readonly far: FarSide | undefined
  readonly onCancel: () => void
}

/** The body of one answer, and what is known of its reader. */
export class Wire implements Outlet {
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>>
  readonly #far: FarSide | undefined
  #controller!: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>
  #over = false

  constructor({ emptyStart, far, onCancel }: WireParts) {
    this.#far = far
    this.body = new ReadableStream(
      {
        start: (controller) => {
          this.#controller = controller
          if (emptyStart) controller.enqueue(new Uint8Array(0))
        },
        // A client that wants more is done with what it has.
        pull: () => {
          noteMove()
          noteUnread(this, false)
        },
        cancel: () => {
          this.#finish(() => {})
          onCancel()
        },
      },
      { highWaterMark: 0 },
    )
  }

  readonly write = (bytes: Uint8Array<ArrayBuffer>): void => {
    if (this.#over) return
    noteMove()
    this.#put(bytes)
    if (this.#far) this.#far.wrote(bytes, this.#put)
    else noteUnread(this, true)
  }

  readonly close = (): void => {
    this.#finish(() => {
      this.#far?.over()
      this.#controller.close()
    })
  }

  readonly fail = (error: unknown): void => {
    if (this.#far?.isEndedByErrors) this.close()
    else {
      this.#finish(() => {
        this.#far?.over()
        this.#controller.error(error)
      })
    }
  }

  readonly #put = (bytes: Uint8Array<ArrayBuffer>): void => {
    if (!this.#over) this.#controller.enqueue(bytes)
  }

  #finish(settle: () => void): void {
    if (this.#over) return
    this.#over = true
    noteMove()
    noteUnread(this, false)
    settle()
  }
}
