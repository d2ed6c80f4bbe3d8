/** What was heard, in a form that is cheap to keep: nothing lost, doubled, changed or moved goes unseen for long. */
export interface Tally {
  readonly events: number
  readonly characters: number
  /** Of one character of each event, and of their order. */
  readonly hash: number
}

/** Counts what is heard. */
export class Counting implements Tally {
  events = 0
  characters = 0
  hash = 0

  hear(data: string): void {
    this.events += 1
    this.characters += data.length
    this.hash = (Math.imul(this.hash, 31) + data.charCodeAt(data.length - 3)) | 0
  }
}

/** What has to be heard of these. */
export function tallyOf(events: Iterable<{ readonly data: string }>): Tally {
  const counting = new Counting()
  for (const { data } of events) counting.hear(data)
  return counting
}

/** Throws where something else was heard. */
export function expectTally(heard: Tally, expected: Tally): void {
  const [found, wanted] = [heard, expected].map(({ events, characters, hash }) =>
    JSON.stringify({ events, characters, hash }),
  )
  if (found !== wanted) throw new Error(`Cannot go on: heard ${found} instead of ${wanted}.`)
}
