import { noteMove } from '../activity.ts'
import { turn } from '../turn.ts'
import type { Outlet } from '../wire.ts'

/** What becomes of one write: pieces, each some turns after the one before, and whether the line breaks after them. */
export interface Fate {
  readonly pieces: readonly { readonly after: number; readonly bytes: Uint8Array<ArrayBuffer> }[]
  readonly breaks: boolean
}

/** What a lane leads to. */
export interface LaneParts {
  readonly outlet: Outlet
  /** Decides on a write; `undefined` lets it through as it is. */
  readonly fateOf: (bytes: Uint8Array<ArrayBuffer>) => Fate | undefined
  /** The line is to break. */
  readonly onBreak: () => void
}

/** A line that can be bad: what is written comes out in order, but in pieces, late, or not to its end. */
export class Lane implements Outlet {
  readonly #parts: LaneParts
  #steps: (() => void | Promise<void>)[] = []
  #isRunning = false

  constructor(parts: LaneParts) {
    this.#parts = parts
  }

  readonly write = (bytes: Uint8Array<ArrayBuffer>): void => {
    const { outlet, fateOf, onBreak } = this.#parts
    const fate = fateOf(bytes)
    if (!fate) {
      this.#then(() => outlet.write(bytes))
      return
    }
    for (const piece of fate.pieces) {
      this.#then(async () => {
        await turns(piece.after)
        outlet.write(piece.bytes)
      })
    }
    if (!fate.breaks) return
    this.#then(async () => {
      // What is still on its way when a stream breaks is lost with it: let it arrive.
      await turns(1)
      onBreak()
    })
  }

  readonly close = (): void => {
    this.#then(this.#parts.outlet.close)
  }

  readonly fail = (error: unknown): void => {
    this.#steps = []
    this.#parts.outlet.fail(error)
  }

  // At once where nothing waits: a line that is good is no line at all.
  #then(step: () => void | Promise<void>): void {
    if (!this.#isRunning && this.#steps.length === 0) {
      const going = step()
      if (!going) return
      this.#isRunning = true
      void this.#run(going)
    } else {
      this.#steps.push(step)
    }
  }

  async #run(first: Promise<void>): Promise<void> {
    await first
    for (let step = this.#steps.shift(); step; step = this.#steps.shift()) {
      // oxlint-disable-next-line no-await-in-loop -- in order is the point
      await step()
    }
    this.#isRunning = false
  }
}

/** Lets turns go by, so that everyone sees that something is still to come. */
export async function turns(count: number): Promise<void> {
  for (let passed = 0; passed < count; passed += 1) {
    noteMove()
    // oxlint-disable-next-line no-await-in-loop -- one turn after the other
    await turn()
  }
  noteMove()
}
