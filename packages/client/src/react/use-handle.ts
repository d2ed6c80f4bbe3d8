import { warnOfRemaking } from '#development'
import { createContext, useContext, useInsertionEffect, useRef, type Context } from 'react'
import type { StreamUrl } from '../connection/request.ts'
import { eventStream } from '../default-pool.ts'
import { knownIn } from '../known-in.ts'
import type { Pool } from '../pool.ts'
import { text, type Decoder } from '../stream/decode.ts'
import type { EventMap } from '../stream/stream.ts'
import { asksForSame, callbacks, isOwn, type Asked } from './asked.ts'
import type { Handle, Source, UrlOptions } from './source.ts'

/** The pool of the hooks below a provider. */
export const PoolContext: Context<Pool | undefined> = createContext<Pool | undefined>(undefined)

/** Where a component reads: kept from render to render, for as long as they ask for the same stream. */
export interface Seat<Kept = unknown, Options = object> {
  /** The source, or what was made of it; channels have theirs from it. */
  handle: Handle | null | undefined
  /** What the newest render asked for that was committed: one that React throws away leaves no trace. */
  asked: Asked & Options
  /** What the hook itself wants to find again. */
  kept: Kept | undefined
}

/** What a hook makes of what it reads, to find again. */
type Keep<Kept, Options> = (
  stream: Handle | null | undefined,
  asked: Asked & Options,
  seat: Seat<Kept, Options>,
) => Kept

/** Finds what a hook reads: the same stream, however its options are written, until what they ask for changes. */
export function useHandle<Kept, Options extends UrlOptions>(
  source: Source,
  options: Options,
  keep: Keep<Kept, Options>,
): Kept {
  const pool = useContext(PoolContext)
  const newest = useRef<Seat<Kept, Options>>(undefined)
  // A `URL` may be another one later.
  const asked = { ...options, source: (source as URL | null)?.href ?? source, pool }
  // Only a commit moves the ref: until the next, every render finds the same in it, as it does with `useMemo`.
  /* oxlint-disable react/refs */
  warnOfRemaking(asked, newest)
  const seat = seatOf(asked, newest.current) as Seat<Kept, Options>
  /* oxlint-enable react/refs */
  const { channel, enabled = true } = options
  const whole = enabled ? seat.handle : null
  const stream = channel === undefined ? whole : whole?.channel(channel)
  const kept = keep(stream, asked, seat)
  // Before every other effect of the same commit, so that those see it already.
  useInsertionEffect(() => {
    // oxlint-disable-next-line react/immutability -- a seat is part of the ref
    seat.asked = asked
    seat.kept = kept
    newest.current = seat
  })
  return kept
}

/** The seat of the last render, where this one asks for the same; or one at the handle of others that do; or a new one. */
function seatOf(asked: Asked, before: Seat | undefined): Seat {
  const { source } = asked
  // From JavaScript, nothing may be `undefined` too.
  // oxlint-disable-next-line eqeqeq
  const isMade = source == null || (source as Partial<Handle>).latest
  if (before && (isMade ? before.handle === source : asksForSame(before.asked, asked)))
    return before
  if (isMade) return { handle: source as Handle | null, asked, kept: undefined }
  // An inline function is another one at each render: the newest is the one to call.
  if (isOwn(asked)) return seatAtNew(asked)
  const near = knownIn(together, JSON.stringify([source, asked.key, asked.headers]), () => [])
  let same = near.find((other) => asksForSame(other.asked, asked, true))
  if (!same) {
    near.push((same = seatAtNew(asked)))
    queueMicrotask(() => together.clear())
  }
  return { handle: same.handle, asked, kept: undefined }
}

/**
 * The seats made in this turn: of a thousand components that mount together, and ask for the same, each event is read once.
 * By what mostly sets them apart: a thousand that ask for as many streams are not compared each with each.
 */
const together = new Map<string, Seat[]>()

/** A seat at a new handle, whose functions are those of the newest render. */
function seatAtNew(asked: Asked): Seat {
  const seat: Seat = { handle: undefined, asked, kept: undefined }
  const options = {
    ...asked,
    // For whichever type is read. The decoder itself is what the stream is given, so that components with the same one
    // share its work.
    events: {
      get '*'(): Decoder<unknown> {
        return seat.asked.decode ?? text
      },
    },
  }
  for (const name of callbacks) {
    if (typeof asked[name] === 'function') {
      options[name] = ((argument: never) => (seat.asked[name] as Called)(argument)) as never
    }
  }
  seat.handle = eventStream<EventMap>(options.source as StreamUrl, options)
  return seat
}

type Called = (argument: never) => unknown
