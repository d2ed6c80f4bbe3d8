import type { ServerEvent } from '@millrace/server'
import { invalid, shown } from '../argument.ts'
import type { Refusal } from '../behaviour.ts'
import { HarnessError } from '../error.ts'
import type { MeetOptions } from '../plan.ts'
import type { SendOptions } from '../sender.ts'
import { orderedCues } from './cue.ts'
import type { Cue, Timeline } from './cue.ts'
import { parseRecording } from './recording.ts'
import type { Recording } from './recording.ts'

type Move = (milliseconds: number) => Promise<unknown>

/**
 * What `play` moves from cue to cue: a manual clock, or `vi` while timers are faked.
 *
 * @example
 * const clock: PlayClock = vi
 * await events.play(timeline, { clock })
 */
export type PlayClock = { readonly advance: Move } | { readonly advanceTimersByTimeAsync: Move }

/**
 * How something is played.
 *
 * @example
 * await events.play(timeline, { clock: manualClock() })
 */
export interface PlayOptions extends SendOptions {
  /** Moved from cue to cue. Defaults to the time of the timers as they are: real, or faked and moved by the test. */
  readonly clock?: PlayClock
  /** Stops it between two cues. Defaults to none. */
  readonly signal?: AbortSignal
}

/** What it is played on: of a fake, as much as a cue can ask for. */
export interface Stage {
  readonly send: (event: ServerEvent, options: SendOptions) => Promise<void>
  readonly channel: (name: string) => Pick<Stage, 'send'>
  readonly comment: (text: string, options: SendOptions) => Promise<void>
  readonly sendRaw: (text: string, options: SendOptions) => Promise<void>
  readonly drop: () => Promise<void>
  readonly end: () => Promise<void>
  readonly refuse: (refusal: Refusal, options: MeetOptions) => void
  readonly unreachable: (options: MeetOptions) => void
  readonly stall: (options: MeetOptions) => void
  readonly accept: () => void
  readonly flush: () => Promise<void>
}

/** Plays cue after cue, each at its time; resolves when the last has been delivered. */
export async function play(
  stage: Stage,
  timeline: Timeline | string,
  options: PlayOptions = {},
): Promise<void> {
  const { clock, signal, ...sending } = options
  const cues = orderedCues(typeof timeline === 'string' ? recordingOf(timeline) : timeline)
  const moveTo = clock ? stepping(clock) : waiting(signal)
  for (const cue of cues) {
    if (signal?.aborted) return
    // oxlint-disable-next-line no-await-in-loop -- one after the other is what a timeline is
    await moveTo(cue.at)
    if (signal?.aborted) return
    // oxlint-disable-next-line no-await-in-loop -- and each is delivered before the next
    await act(stage, cue, sending).catch((error: unknown) => {
      if (!(error instanceof HarnessError)) throw error
      throw new HarnessError(error.code, `${error.message} (At ${cue.at} ms of the timeline.)`)
    })
  }
}

// A recording has lines, the name of its file has none.
function recordingOf(text: string): Recording {
  if (/[\r\n]/.test(text)) return parseRecording(text)
  const remedy = `give what its file says: readFileSync('prices.sse', 'utf8')`
  throw invalid(`play ${shown(text)}`, 'it is no recording', remedy)
}

function stepping(clock: PlayClock): (at: number) => Promise<void> {
  const { advance, advanceTimersByTimeAsync: move = advance } = clock as {
    readonly [name in 'advance' | 'advanceTimersByTimeAsync']?: Move
  }
  if (typeof move !== 'function') {
    const remedy = 'give a manualClock(), or vi while timers are faked'
    throw invalid(`play by the clock ${shown(clock)}`, 'nothing moves it', remedy)
  }
  let now = 0
  return async (at) => {
    const step = at - now
    now = at
    if (step > 0) await move.call(clock, step)
  }
}

// As the timers are when it is played: a test may have faked them.
function waiting(signal: AbortSignal | undefined): (at: number) => Promise<void> {
  const start = performance.now()
  return (at) => {
    const left = start + at - performance.now()
    if (left <= 0) return Promise.resolve()
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, left)
    signal?.addEventListener(
      'abort',
      () => {
        clearTimeout(timer)
        resolve()
      },
      { once: true },
    )
    return promise
  }
}

async function act(stage: Stage, cue: Cue, sending: SendOptions): Promise<void> {
  if ('raw' in cue) return stage.sendRaw(cue.raw, sending)
  if ('end' in cue) return stage.end()
  if ('drop' in cue) return stage.drop()
  if ('refuse' in cue) return stage.refuse(cue.refuse, cue)
  if ('unreachable' in cue) return stage.unreachable(cue)
  if ('stall' in cue) return stage.stall(cue)
  if ('accept' in cue) return stage.accept()
  if ('run' in cue) {
    await cue.run()
    return stage.flush()
  }
  return send(stage, cue, sending)
}

function send(
  stage: Stage,
  { at: _at, channel, ...event }: ServerEvent & { readonly at: number; readonly channel?: string },
  sending: SendOptions,
): Promise<void> {
  const { comment, ...rest } = event
  if (comment !== undefined && Object.keys(rest).length === 0)
    return stage.comment(comment, sending)
  return channel === undefined
    ? stage.send(event, sending)
    : stage.channel(channel).send(event, sending)
}
