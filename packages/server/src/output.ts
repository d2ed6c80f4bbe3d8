/** Where a session's bytes go: the port between the engine and whatever carries them. */
export interface Output {
  /** Bytes taken and not yet passed on. */
  readonly backlog: number
  /**
   * Takes one turn's bytes, which several sessions may share; `onTaken` runs later, when they have been passed on. Where
   * they are dropped it may never run.
   */
  readonly write: (bytes: Uint8Array<ArrayBuffer>, onTaken?: () => void) => void
  /** Ends after what was written; `onDone` runs when that has been passed on, or dropped. */
  readonly end: (onDone: () => void) => void
  /** Breaks off at once, what was written and not passed on is dropped. */
  readonly abort: (error: unknown) => void
}
