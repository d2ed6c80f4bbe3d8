import type { ServerEvent } from '@millrace/server'
import type { Refusal } from '../behaviour.ts'
import { HarnessError } from '../error.ts'
import type { MeetOptions } from '../plan.ts'
import type { RecordedCue } from './recording.ts'

/**
 * One thing of a timeline, `at` so many milliseconds from its start: an event, for everyone or a channel, or something
 * else that a fake can do.
 *
 * @example
 * const cue: Cue = { at: 500, event: 'tick', data: { price: 1 }, channel: 'eur/usd' }
 */
export type Cue =
  | RecordedCue
  | (ServerEvent & { readonly at: number; readonly channel?: string })
  | ({ readonly at: number; readonly refuse: Refusal } & MeetOptions)
  | ({ readonly at: number; readonly unreachable: true } & MeetOptions)
  | ({ readonly at: number; readonly stall: true } & MeetOptions)
  | { readonly at: number; readonly accept: true }
  /** Whatever a test wants to do then, or to look at. */
  | { readonly at: number; readonly run: () => unknown }

/**
 * A script of a stream.
 *
 * @example
 * const timeline: Timeline = [{ at: 0, event: 'tick', data: 1 }, { at: 500, drop: true }]
 */
export type Timeline = readonly Cue[]

const KINDS = ['raw', 'end', 'drop', 'refuse', 'unreachable', 'stall', 'accept', 'run'] as const
const FIELDS = ['event', 'data', 'id', 'retry', 'comment'] as const

/** The cues in the order of their time; throws where one of them says nothing, or two things at once. */
export function orderedCues(timeline: Timeline): Timeline {
  for (const cue of timeline) {
    const kinds: string[] = KINDS.filter((kind) => kind in cue)
    if (FIELDS.some((field) => field in cue)) kinds.push('an event')
    const said = JSON.stringify(cue)
    if (!(Number.isFinite(cue.at) && cue.at >= 0)) {
      throw invalid(said, `it is at ${cue.at}`, 'Do give milliseconds from 0 up')
    }
    if (kinds.length !== 1) {
      const because =
        kinds.length === 0 ? 'it says nothing' : `it is ${kinds.join(' and ')} at once`
      throw invalid(said, because, `Do make it an event, or one of ${KINDS.join(', ')}`)
    }
  }
  return timeline.toSorted((left, right) => left.at - right.at)
}

function invalid(cue: string, because: string, remedy: string): HarnessError {
  return new HarnessError('invalid-argument', `Cannot play ${cue}: ${because}. ${remedy}.`)
}
