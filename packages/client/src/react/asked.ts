import type { Pool } from '../pool.ts'
import { parseJson, text } from '../stream/decode.ts'
import type { Source, UrlOptions } from './source.ts'

/** What one render of a hook asks for: all that it was given, and the pool. */
export interface Asked extends UrlOptions {
  readonly source: Source
  readonly pool: Pool | undefined
}

// What asks for no other stream.
const ownOfHook = [
  'event',
  'channel',
  'enabled',
  'decode',
  'initialLastEventId',
  'select',
  'equals',
  'reducer',
  'initialValue',
]

/** The decoders that are the same at each render, whoever writes them. */
const lasting: readonly unknown[] = [undefined, text, parseJson]

/**
 * Whether two renders ask for the same stream, whether or not their objects are the same. Functions, and what can only be
 * read, count by being there; `strictly`, as themselves.
 */
export function asksForSame(one: Asked, other: Asked, strictly?: boolean): boolean {
  return (
    one.pool === other.pool &&
    lasting.indexOf(one.decode) === lasting.indexOf(other.decode) &&
    holdSame(one, other, strictly, true)
  )
}

/** Whether the same is in both, under each name; of options, those of the hook itself are none of it. */
function holdSame(one: Plain, other: Plain, strictly?: boolean, areOptions?: boolean): boolean {
  return Object.keys({ ...one, ...other }).every(
    (name) =>
      (areOptions && ownOfHook.includes(name)) ||
      isSame(one?.[name as never], other?.[name as never], strictly),
  )
}

function isSame(one: unknown, other: unknown, strictly?: boolean): boolean {
  return (
    one === other ||
    (isPlain(one) && isPlain(other)
      ? holdSame(one, other, strictly)
      : !strictly &&
        typeof one === typeof other &&
        (typeof one === 'function' || String(one) === String(other)))
  )
}

/** What is no more than what is in it: an object or a list as one writes it, or nothing at all. */
type Plain = object | undefined

function isPlain(value: unknown): value is Plain {
  return [Object, Array, undefined].includes(value?.constructor as undefined)
}

/** The functions of which the newest render's is called. */
export const callbacks = ['source', 'headers', 'onError', 'onGap'] as const

/** Whether its handle is for nobody else: it calls its functions, is sent only once, or starts at a place of its own. */
export function isOwn(asked: Asked): boolean {
  return (
    Boolean(asked.method || asked.onEnd || asked.initialLastEventId) ||
    callbacks.some((name) => typeof asked[name] === 'function') ||
    !lasting.includes(asked.decode)
  )
}
