import { Counting, expectTally, type Tally } from '../wire/tally.ts'
import { contestants, type ContestantName } from './contestants.ts'

/** A stream to read, once or several times over. */
export interface Task {
  readonly variant: ContestantName
  readonly url: string
  readonly expected: Tally
  readonly times: number
}

/** Reads it; rejects where something else was heard than was sent. */
export async function read({ variant, url, expected, times }: Task): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await new Promise<void>((resolve, reject) => {
      const counting = new Counting()
      const close = contestants[variant](url, (data) => {
        counting.hear(data)
        if (counting.events !== expected.events) return
        close()
        try {
          expectTally(counting, expected)
          resolve()
        } catch (error) {
          reject(error)
        }
      })
    })
  }
}
