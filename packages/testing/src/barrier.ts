import {
  giveUpAnswers,
  giveUpTravelling,
  isAnswering,
  isTravelling,
  isUnread,
  movesSoFar,
  someStranger,
} from './activity.ts'
import { HarnessError } from './error.ts'
import { elapsed, hasImmediates, turn } from './turn.ts'

/** Knows when what was sent has arrived: the port for each way in which clients are reached. */
export interface Barrier {
  /** Resolves when nothing moves any more. */
  readonly pass: () => Promise<void>
}

/** Turns without a move after which all is quiet. One has been enough always, three are for the unheard of. */
const QUIET_TURNS = 3

/** Turns in which something may move before that is an error. */
const MAX_MOVING_TURNS = 2_000

/** Turns for which a reader that has not come back is waited for. */
const READER_PATIENCE = 500

/** Real milliseconds for which a request without an answer is waited for, however `authorize` spends them. */
const ANSWER_PATIENCE = 1_000

/** Real milliseconds for which what travels through a Service Worker is waited for; it takes a few. */
const TRAVEL_PATIENCE = 10_000

/** Passes after three quiet turns of `setImmediate`: in Node and happy-dom a chunk takes exactly one to its reader. */
const turnBarrier: Barrier = { pass: () => passTurns(() => false) }

/**
 * Passes when everyone has got what is on its way, and each reader has come back for more, which says that it is done
 * with what it has read.
 *
 * For browsers, where turns say nothing of a Service Worker. A reader that does not come back (it reads once, and then
 * no more) is let be after a while.
 */
const readerBarrier: Barrier = {
  pass: async () => {
    await passTurns(isUnread)
    const stranger = someStranger()
    if (stranger) throw unknown(stranger.number)
  },
}

/** The barrier for where this runs. */
export const barrier: Barrier = hasImmediates ? turnBarrier : readerBarrier

async function passTurns(isReading: () => boolean): Promise<void> {
  let quiet = 0
  let moving = 0
  let reading = 0
  let last = movesSoFar()
  const waited = elapsed()
  while (quiet < QUIET_TURNS) {
    // oxlint-disable-next-line no-await-in-loop -- one turn after the other is the point
    await turn()
    const moves = movesSoFar()
    if (moves !== last) {
      last = moves
      quiet = 0
      moving += 1
      if (moving > MAX_MOVING_TURNS) throw stillBusy()
    } else if (isAnswering()) {
      if (waited() > ANSWER_PATIENCE) giveUpAnswers()
    } else if (isTravelling()) {
      if (waited() < TRAVEL_PATIENCE) continue
      giveUpTravelling()
      throw lost()
    } else if (isReading() && reading < READER_PATIENCE) {
      reading += 1
    } else {
      quiet += 1
    }
  }
}

function lost(): HarnessError {
  return new HarnessError(
    'still-busy',
    `Cannot deliver: what was sent through the Service Worker has not arrived in ${TRAVEL_PATIENCE} ms. See that worker.start() has resolved before a client connects.`,
  )
}

function unknown(client: number): HarnessError {
  return new HarnessError(
    'unsupported',
    `Cannot say what client ${client} has: its fetch, or its EventSource, was taken from the page before the fake was there. Read events.handlers before the client is made, or give it events.fetch.`,
  )
}

/** The error for what never comes to rest. */
export function stillBusy(): HarnessError {
  return new HarnessError(
    'still-busy',
    'Cannot deliver: something goes on without end, such as a client that reconnects at once each time. Give it a clock that the test moves.',
  )
}
