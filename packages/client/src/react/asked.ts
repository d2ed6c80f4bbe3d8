import type { RefObject } from 'react'
import { identity } from '../connection/request.ts'
import type { Pool } from '../pool.ts'
import { json, text } from '../stream/decode.ts'
import type { Handle, Source, UrlOptions } from './source.ts'

/** What one render of a hook was given. */
export interface Asked<Kept = unknown, Options = UrlOptions> {
  readonly source: Source
  readonly type: string
  readonly options: Options
  readonly pool: Pool | undefined
  /** The newest render that was committed: one that React throws away leaves no trace. */
  readonly newest: RefObject<Render<Kept, Options> | undefined>
}

/** The same, with what was made of it for the next to go on with. */
export interface Render<Kept = unknown, Options = UrlOptions> extends Asked<Kept, Options> {
  /** The handle on a URL. */
  readonly made: Handle | undefined
  /** What is read; nothing while the hook is switched off. */
  readonly stream: Handle | undefined
  /** What the hook itself wants to find again. */
  readonly kept: Kept
}

/** The functions of which the newest render's is called. */
export const callbacks = ['headers', 'onError', 'onGap'] as const

// What asks for no other stream.
const ownOfHook = new Set([
  'event',
  'channel',
  'enabled',
  'decode',
  'initialLastEventId',
  'select',
  'equals',
  'reducer',
  'initialValue',
])

/** Whether two renders ask for the same stream, whether or not their objects are the same. */
export function asksForSame(one: Asked, other: Asked): boolean {
  return (
    one.pool === other.pool &&
    isSame(one.source, other.source) &&
    lasting.indexOf(one.options.decode) === lasting.indexOf(other.options.decode) &&
    holds(one.options, other.options) &&
    holds(other.options, one.options)
  )
}

function holds(all: UrlOptions, some: UrlOptions): boolean {
  for (const name in some) {
    if (!ownOfHook.has(name) && !isSame(all[name as never], some[name as never])) return false
  }
  return true
}

function isSame(one: unknown, other: unknown): boolean {
  return one === other || written(one) === written(other)
}

/** The decoders that are the same at each render, whoever writes them. */
const lasting: readonly unknown[] = [undefined, text, json()]

/** Whether its handle is for nobody else: it calls its functions, is sent only once, or starts at a place of its own. */
export function isOwn({ source, options }: Asked): boolean {
  const { decode, headers, onError, onGap, method, onEnd, initialLastEventId } = options
  return (
    typeof source === 'function' ||
    typeof headers === 'function' ||
    (onError ?? onGap ?? method ?? onEnd ?? initialLastEventId) !== undefined ||
    !lasting.includes(decode)
  )
}

/** All that a handle is made of that is for others too. */
export function keyOf({ source, options, pool }: Asked): string {
  const key = [pool && identity(pool), written(source, identity), lasting.indexOf(options.decode)]
  for (const name in options) {
    if (!ownOfHook.has(name)) key.push(name, written(options[name as never], identity))
  }
  return JSON.stringify(key)
}

/** In JSON: functions, and what can only be read, count by being there, unless `opaque` says otherwise. */
function written(anything: unknown, opaque: (value: object) => unknown = () => true): unknown {
  if (typeof anything === 'function') return opaque(anything)
  if (typeof anything !== 'object') return anything
  return JSON.stringify(anything, (_, value: unknown) => {
    if (value instanceof URLSearchParams) return String(value)
    const isOpaque = typeof value === 'function' || (typeof value === 'object' && !isPlain(value))
    return isOpaque ? opaque(value as object) : value
  })
}

function isPlain(value: object | null): boolean {
  return (
    value === null || [Object.prototype, Array.prototype].includes(Object.getPrototypeOf(value))
  )
}
