import { EventServerError } from '../error.ts'
import type { LogEntry } from '../log/replay.ts'
import type { Message } from '../provider.ts'

/**
 * An entry of the stream.
 *
 * Its id, `<milliseconds>-<n>`, is Redis's; n counts all entries, so that a hole shows. Its position, `<mark>-<n>`, is
 * what clients see: no mark is used for two appends, so an id of a stream that was lost is none of this one, whatever
 * its number.
 */
export interface StreamEntry {
  readonly id: string
  readonly n: number
  readonly position: string
  readonly time: number
  /** What was published; `undefined` of the first entry of a stream, which only says that there is one. */
  readonly message: Message | undefined
}

/** The names of an entry's fields, as short as they are many. */
export const FIELD = {
  mark: 'k',
  /** Of the batch it came in; the same at every attempt to append it. */
  batch: 'b',
  message: 'm',
} as const

/** A message as it is in the stream; throws on data that has no JSON form. */
export function encodeMessage({ channels, event }: Message): string {
  try {
    return JSON.stringify({ channels, event })
  } catch (cause) {
    throw new EventServerError(
      'invalid-event',
      `Cannot publish the event: its data has no JSON form (${String(cause)}). Give plain data.`,
      { cause },
    )
  }
}

/** The position of the entry with a mark and a number. */
export function positionOf(mark: string, n: number): string {
  return `${mark}-${n}`
}

/** Whether an id of Redis's stands after another. */
export function isAfter(id: string, other: string): boolean {
  const [time, n] = partsOf(id)
  const [otherTime, otherN] = partsOf(other)
  return time > otherTime || (time === otherTime && n > otherN)
}

/** Reads what XRANGE answers. */
export function parseRange(reply: unknown): StreamEntry[] {
  return (reply as [id: unknown, fields: unknown[]][]).map(([id, fields]) =>
    parseEntry(String(id), fields),
  )
}

/** Reads what XREAD answers of one stream: by protocol a list of pairs, a map, or nothing where nothing came. */
export function parseRead(reply: unknown): StreamEntry[] {
  if (reply === null) return []
  const [entries] = Array.isArray(reply)
    ? reply.map((pair: unknown[]) => pair[1])
    : Object.values(reply as object)
  return parseRange(entries)
}

/** The entry as servers know it; `undefined` of one without a message. */
export function toLogEntry(entry: StreamEntry, ids: 'auto' | 'manual'): LogEntry | undefined {
  const { position, time, message } = entry
  if (!message) return undefined
  const { channels, event } = message
  const id = event.id ?? (ids === 'auto' ? position : undefined)
  return { position, time, channels, event: { ...event, id } }
}

function parseEntry(id: string, fields: readonly unknown[]): StreamEntry {
  const [time, n] = partsOf(id)
  const mark = field(fields, FIELD.mark)
  if (mark === undefined) {
    throw new Error(
      `it holds the entry ${id}, which is not of this library: the stream is to be its own`,
    )
  }
  const text = field(fields, FIELD.message)
  const message = text === undefined ? undefined : (JSON.parse(text) as Message)
  return { id, n, time, position: positionOf(mark, n), message }
}

function field(fields: readonly unknown[], name: string): string | undefined {
  for (let at = 0; at < fields.length; at += 2) {
    if (String(fields[at]) === name) return String(fields[at + 1])
  }
  return undefined
}

function partsOf(id: string): readonly [time: number, n: number] {
  const dash = id.indexOf('-')
  return [Number(id.slice(0, dash)), Number(id.slice(dash + 1))]
}
