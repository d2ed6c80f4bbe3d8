import { invalid } from '../argument.ts'
import { blocksOf } from './blocks.ts'

/**
 * One thing of a recording: text as it came, or how the stream ended; `at` is in milliseconds from its start.
 *
 * @example
 * const cue: RecordedCue = { at: 120, raw: 'data: hello\n\n' }
 */
export type RecordedCue =
  | { readonly at: number; readonly raw: string }
  | { readonly at: number; readonly end: true }
  | { readonly at: number; readonly drop: true }

/**
 * A stream as it was, for `events.play(recording)`.
 *
 * @example
 * const recording: Recording = [{ at: 0, raw: 'data: hello\n\n' }, { at: 500, drop: true }]
 */
export type Recording = readonly RecordedCue[]

const TIME = /^: at (\d+(?:\.\d+)?)(?: (end|drop|raw) ?([^\r\n]*))?(?:\r\n|\n|\r)/

/**
 * A recording as text that one can read, edit and keep: the stream itself, and before each event a comment that says
 * when it came. It is an event stream still, of the same events.
 *
 * @example
 * formatRecording([{ at: 120, raw: 'data: hello\n\n' }]) // ': at 120\ndata: hello\n\n'
 */
export function formatRecording(recording: Recording): string {
  return recording.map(formatCue).join('')
}

/** One cue of it, for those who write while they record. */
export function formatCue(cue: RecordedCue): string {
  const { at } = cue
  if (!(Number.isFinite(at) && at >= 0)) {
    throw invalid('format a recording', `something is at ${at}`, 'give milliseconds from 0 up')
  }
  if ('end' in cue) return `: at ${at} end\n\n`
  if ('drop' in cue) return `: at ${at} drop\n\n`
  const { blocks, rest } = blocksOf(cue.raw)
  // What is no whole event must not become one by being written down.
  if (blocks.length !== 1 || rest !== '') return `: at ${at} raw ${JSON.stringify(cue.raw)}\n\n`
  return `: at ${at}\n${cue.raw}`
}

/**
 * Reads what `formatRecording` has written, or any event stream; what says no time comes with what is before it.
 *
 * @example
 * await events.play(parseRecording(await readFile('prices.sse', 'utf8')))
 */
export function parseRecording(text: string): Recording {
  const { blocks, rest } = blocksOf(text)
  // Editors take the last empty line away.
  const whole = rest === '' ? blocks : [...blocks, `${rest.replace(/[\r\n]+$/, '')}\n\n`]
  let last = 0
  return whole.map((block) => {
    const [line, time, kind, json = ''] = TIME.exec(block) ?? []
    if (line === undefined) return { at: last, raw: block }
    last = Number(time)
    if (kind === 'end') return { at: last, end: true }
    if (kind === 'drop') return { at: last, drop: true }
    return { at: last, raw: kind === 'raw' ? textOf(json, line) : block.slice(line.length) }
  })
}

function textOf(json: string, line: string): string {
  try {
    return String(JSON.parse(json))
  } catch (cause) {
    throw invalid(
      'read the recording',
      `"${line.trim()}" has no text in quotes (${String(cause)})`,
      'write it as JSON',
    )
  }
}
