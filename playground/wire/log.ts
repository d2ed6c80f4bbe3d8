export const levels = ['debug', 'info', 'warn', 'error'] as const

export type Level = (typeof levels)[number]

/** A line of the log: the payload of a `line` event. */
export interface Line {
  /** Counts the lines, so that a reader can tell what it missed. */
  readonly seq: number
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly level: Level
  readonly text: string
}

/** Lines in a second. */
export const LINE_RATE = 5_000
