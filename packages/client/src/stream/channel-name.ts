import { checkChannel } from '#development'
import { StreamError } from '../errors.ts'

// In characters, as `@millrace/server` has it.
const LONGEST = 256

/** Control characters, and segments of nothing. */
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const NO_NAME = /[\0-\u001f\u007f]|^(\/|$)|\/(\/|$)/

/**
 * A channel's name in its one form: segments joined by `/`, no slash at either end; throws on what is no name.
 *
 * What is below a parent is named after it.
 */
export function parseChannel(name: string, parent = ''): string {
  checkChannel(name, parent)
  const own = name.replace(/^\/|\/$/g, '')
  const channel = parent === '' ? own : `${parent}/${own}`
  if (!NO_NAME.test(own) && channel.length <= LONGEST) return channel
  throw new StreamError(
    'invalid-argument',
    `Cannot read channel ${JSON.stringify(name)}: that is no name.`,
  )
}

/** The parents of a channel, nearest first: `a/b` and `a` for `a/b/c`. */
export function ancestors(channel: string): string[] {
  const parents = []
  let end = channel.length
  while ((end = channel.lastIndexOf('/', end - 1)) > 0) parents.push(channel.slice(0, end))
  return parents
}

/** Whether a channel is below another, by whole segments; everything is below the whole stream, which has no name. */
export function isBelow(channel: string, parent: string): boolean {
  if (parent === '') return channel !== ''
  return channel.startsWith(`${parent}/`)
}

/** Whether a channel is one of these, or below one. */
export function isWithin(channel: string, channels: ReadonlySet<string>): boolean {
  return channels.has(channel) || ancestors(channel).some((parent) => channels.has(parent))
}

/** The fewest channels that hold all of these, sorted: a parent holds its children. */
export function covering(channels: Iterable<string>): string[] {
  const all = new Set(channels)
  return [...all]
    .filter((channel) => !ancestors(channel).some((ancestor) => all.has(ancestor)))
    .toSorted()
}
