import type { ConnectionState } from '../connection/snapshot.ts'
import { StreamError } from '../errors.ts'
import type { RawEvent } from '../event.ts'
import type { Came } from './came.ts'
import type { Wants } from './memory.ts'

/** Another one for whatever tabs of another version would not understand: they do not meet, and each has its own. */
export const PROTOCOL = 'millrace-tabs-1'

/** What a tab that follows says to the one that leads: how far it has come, and what it reads. */
export interface Hello {
  /** Which of its links it is about. */
  readonly link: string
  /** The lock that it holds for as long as it is there. */
  readonly member: string
  readonly cursor: string
  readonly wants: Wants
  /** One more each time that it wants something else. */
  readonly turn: number
  /** Whether it has yet to be told what came since its cursor. */
  readonly lost: boolean
  /** That of the last message it was told. */
  readonly number: number
  /**
   * What else it would have the other do:
   *
   * - `start`: open the connection, or wait no longer, for somebody new
   * - `restart`: make a fresh attempt
   * - `settle`: have it follow without its cursor being known; it reads by itself, and nothing comes any more
   * - `leave`: tell it nothing more
   */
  readonly wish: '' | 'start' | 'restart' | 'settle' | 'leave'
}

/** What the tab that leads says to one that follows. */
export interface Told {
  /** Later for each tab that leads: what an earlier one still says counts no more. */
  readonly epoch: number
  /** One more than that of the message before. */
  readonly number: number
  /** Whether it is not told everything from here on: then it has to ask anew. */
  readonly lost: boolean
  /** From this cursor of its own on it is told everything. */
  readonly start?: string
  readonly events?: readonly RawEvent[]
  /** The cursor after them. */
  readonly cursor?: string
  /** The request by which these events and all after them come. */
  readonly url?: string
  /** What `latest` shows, the newest first. */
  readonly recalled?: readonly Came[]
  /** From here on it is told what it wanted by then. */
  readonly turn?: number
  /** The channels that are heard. */
  readonly channels?: readonly string[]
  readonly standing?: Standing
  /** The server's `retry` field. */
  readonly retry?: number | undefined
  /** The size of an event that was left out. */
  readonly skipped?: number
}

/** How the connection stands. */
export type Standing = Pick<ConnectionState, 'status' | 'reason' | 'retryAt'> & {
  readonly error: Pick<StreamError, 'code' | 'message' | 'status' | 'attempt'> | undefined
}

export function standingOf({ status, reason, retryAt, error }: ConnectionState): Standing {
  return {
    status,
    reason,
    retryAt,
    // What caused it may be what no message can carry.
    error: error && {
      code: error.code,
      message: error.message,
      status: error.status,
      attempt: error.attempt,
    },
  }
}

export function errorIn({ error, retryAt }: Standing): StreamError | undefined {
  return error && new StreamError(error.code, error.message, { ...error, retryAt })
}
