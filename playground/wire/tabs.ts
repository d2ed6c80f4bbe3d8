/** The payload of a `beat` event. */
export interface Beat {
  /** Counts the beats. */
  readonly seq: number
}

/** Beats in a second. */
export const BEAT_RATE = 10
