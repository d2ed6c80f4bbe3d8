import type { ServerEvent } from '@millrace/server'
import { invalid, shown } from './argument.ts'

/** What an event is made of. */
export const EVENT_FIELDS: readonly (keyof ServerEvent)[] = [
  'event',
  'data',
  'id',
  'retry',
  'comment',
]

/** Gives an event back; throws where it is none, or would be an empty one. */
export function checkEvent(event: ServerEvent): ServerEvent {
  const given: unknown = event
  if (typeof given !== 'object' || given === null) {
    throw invalid(`send ${shown(given)}`, 'it is no event', `send { data: ${shown(given)} }`)
  }
  if (EVENT_FIELDS.some((field) => event[field] !== undefined)) return event
  throw invalid(`send ${shown(given)}`, 'it says nothing', `give ${EVENT_FIELDS.join(', ')}`)
}

/** The text of a comment; throws where there is none. */
export function checkComment(text: string): string {
  if (typeof text === 'string') return text
  throw invalid(`send the comment ${shown(text)}`, 'it is no text', 'give a string')
}

/** The bytes of chunks; throws where one of them is neither text nor bytes. */
export function bytesOf(chunks: readonly (string | Uint8Array)[]): readonly Uint8Array[] {
  if (!Array.isArray(chunks)) {
    throw invalid(`send the chunks ${shown(chunks)}`, 'they are no list', 'put them into brackets')
  }
  return chunks.map((chunk: unknown) => {
    if (typeof chunk === 'string') return new TextEncoder().encode(chunk)
    // By its name: in jsdom there are the bytes of the page, and those of Node.
    if (Object.prototype.toString.call(chunk) === '[object Uint8Array]') return chunk as Uint8Array
    throw invalid(
      `send ${shown(chunk)} as it is`,
      'it is no bytes',
      'give a string or a Uint8Array',
    )
  })
}
