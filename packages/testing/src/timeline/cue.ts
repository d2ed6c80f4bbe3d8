import type { ServerEvent } from '@millrace/server'
import type { Refusal } from '../behaviour.ts'
import { invalid, shown } from '../argument.ts'
import type { HarnessError } from '../error.ts'
import { EVENT_FIELDS } from '../payload.ts'
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
const DETAILS = ['at', 'channel', 'times', 'when'] as const
const KNOWN: ReadonlySet<string> = new Set([...KINDS, ...EVENT_FIELDS, ...DETAILS])

/** The cues in the order of their time; throws where one of them says nothing, or two things at once. */
export function orderedCues(timeline: Timeline): Timeline {
  if (!Array.isArray(timeline)) {
    throw invalid(`play ${shown(timeline)}`, 'it is no timeline', 'give a list of cues, or a text')
  }
  for (const cue of timeline) checkCue(cue)
  return timeline.toSorted((left, right) => left.at - right.at)
}

function checkCue(cue: Cue): void {
  const wrong = (because: string, remedy: string): HarnessError =>
    invalid(`play ${shown(cue)}`, because, remedy)
  if (typeof cue !== 'object' || cue === null)
    throw wrong('it is no cue', 'give { at: 0, data: 1 }')
  if (!(Number.isFinite(cue.at) && cue.at >= 0)) {
    throw wrong(`it is at ${cue.at}`, 'give milliseconds from 0 up')
  }
  const unknown = Object.keys(cue).find((key) => !KNOWN.has(key))
  if (unknown !== undefined) {
    throw wrong(`a cue has no "${unknown}"`, `give some of ${[...KNOWN].join(', ')}`)
  }
  const kinds: string[] = KINDS.filter((kind) => kind in cue)
  if (EVENT_FIELDS.some((field) => field in cue)) kinds.push('an event')
  if (kinds.length === 1) return
  throw wrong(
    kinds.length === 0 ? 'it says nothing' : `it is ${kinds.join(' and ')} at once`,
    `make it an event, or one of ${KINDS.join(', ')}`,
  )
}
