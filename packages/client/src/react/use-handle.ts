import { warnOfRemaking } from '#development'
import { useInsertionEffect, useRef } from 'react'
import type { AttemptContext } from '../connection/attempt.ts'
import type { StreamUrl } from '../connection/request.ts'
import { eventStream } from '../default-pool.ts'
import { knownIn } from '../known-in.ts'
import type { StreamOptions } from '../options.ts'
import { text } from '../stream/decode.ts'
import type { EventMap } from '../stream/stream.ts'
import { asksForSame, callbacks, isOwn, keyOf, type Asked, type Render } from './asked.ts'
import { usePool } from './pool-provider.ts'
import type { Handle, Source, UrlOptions } from './source.ts'

/** Finds what a hook reads: the same stream, however its options are written, until what they ask for changes. */
export function useHandle<Kept, Options extends UrlOptions>(
  source: Source,
  type: string,
  options: Options,
  keep: (asked: Asked<Kept, Options>, stream: Handle | undefined) => Kept,
): Render<Kept, Options> {
  const pool = usePool()
  const newest = useRef<Render<Kept, Options>>(undefined)
  // Only a commit moves the ref: until the next, every render finds the same in it, as it does with `useMemo`.
  // oxlint-disable-next-line react/refs
  const render = rendered({ source, type, options, pool, newest }, keep)
  // Before every other effect of the same commit, so that those see it already.
  useInsertionEffect(() => {
    newest.current = render
  })
  return render
}

function rendered<Kept, Options extends UrlOptions>(
  asked: Asked<Kept, Options>,
  keep: (asked: Asked<Kept, Options>, stream: Handle | undefined) => Kept,
): Render<Kept, Options> {
  warnOfRemaking(asked)
  const { source, options } = asked
  const { channel, enabled = true } = options
  const given = isHandle(source) ? source : undefined
  const made = given ? undefined : madeOf(asked)
  const whole = enabled ? (given ?? made) : undefined
  const stream = channel === undefined ? whole : whole?.channel(channel)
  return { ...asked, made, stream, kept: keep(asked, stream) }
}

function isHandle(source: Source): source is Handle {
  return typeof source === 'object' && source !== null && 'latest' in source
}

/** The handle that the last render made of a URL, where this one asks for the same. */
function madeOf(asked: Asked): Handle | undefined {
  const { newest } = asked
  // From JavaScript, nothing may be `undefined` too.
  if ((asked.source ?? undefined) === undefined) return undefined
  const before = newest.current
  if (before?.made !== undefined && asksForSame(before, asked)) return before.made
  // An inline function is another one at each render: the newest is the one to call.
  if (isOwn(asked)) return make(asked, () => newest.current ?? asked)
  if (together.size === 0) queueMicrotask(() => together.clear())
  return knownIn(together, keyOf(asked), () => make(asked, () => asked))
}

/** The handles of this turn: of a thousand components that mount together, and ask for the same, each event is read once. */
const together = new Map<string, Handle>()

function make(asked: Asked, now: () => Asked): Handle {
  const { options, pool } = asked
  const source = asked.source as StreamUrl
  const events: EventMap = {
    // For whichever type is read. The decoder itself is what the stream is given, so that components with the same one
    // share its work.
    get '*'() {
      return now().options.decode ?? text
    },
  }
  const said = typeof source === 'function' ? newestOf(source, now) : String(source)
  return eventStream<EventMap>(said, { ...options, ...called(options, now), pool, events })
}

type UrlFunction = Extract<StreamUrl, (context: AttemptContext) => unknown>

/** A function that calls the newest render's: the first one's, where that has none any more. */
function newestOf(first: UrlFunction, now: () => Asked): UrlFunction {
  return (context) => {
    const { source } = now()
    return (typeof source === 'function' ? source : first)(context)
  }
}

/** The options that are functions, as functions that call the newest render's. */
function called(options: UrlOptions, now: () => Asked): Partial<StreamOptions> {
  const functions = callbacks.filter((name) => typeof options[name] === 'function')
  return Object.fromEntries(
    functions.map((name) => [
      name,
      (argument: never) => {
        const option = now().options[name]
        return typeof option === 'function' ? option(argument) : option
      },
    ]),
  )
}
