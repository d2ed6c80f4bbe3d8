import { EventServerError } from './error.ts'

/**
 * What is published: the fields of the wire, each optional.
 *
 * @example
 * const event: ServerEvent = { event: 'new-dog', data: { name: 'Corgi' } }
 */
export interface ServerEvent {
  /** The type that clients listen to. Defaults to none, which browsers call `message`. */
  readonly event?: string | undefined
  /** A string goes out as it is, anything else as JSON. */
  readonly data?: unknown
  /** Sets the clients' cursor. Defaults to an id of the server's making, or to none where `ids` is `'manual'`. */
  readonly id?: string | undefined
  /** Milliseconds clients wait before they reconnect. */
  readonly retry?: number | undefined
  /** A remark that clients ignore. */
  readonly comment?: string | undefined
}

// WHATWG HTML, 9.2.6 "Interpreting an event stream": lines end in CRLF, LF or CR.
const LINE_END = /\r\n|\r|\n/

/** A line that clients pass over. */
export const BLANK = '\n'

/**
 * The event as it is on the wire, blank line included: the only place that writes the format.
 *
 * An event that has a type and no data gets an empty `data` line, because browsers dispatch nothing without one
 * (WHATWG HTML, 9.2.6: "If the data buffer is an empty string …").
 *
 * @example
 * encodeEvent({ event: 'tick', data: 'a\nb', id: '7' }) // 'id: 7\nevent: tick\ndata: a\ndata: b\n\n'
 */
export function encodeEvent(event: ServerEvent): string {
  const { event: type, id, retry, comment } = checkEvent(event)
  const text = dataText(event.data) ?? (type ? '' : undefined)
  let wire = ''
  if (comment !== undefined) wire += lines(':', comment)
  if (id !== undefined) wire += `id: ${id}\n`
  if (type) wire += `event: ${type}\n`
  if (retry !== undefined) wire += `retry: ${retry}\n`
  if (text !== undefined) wire += lines('data:', text)
  return wire === '' ? '' : `${wire}\n`
}

/** The event with its data made text, once for every encoding; throws on what the wire cannot carry. */
export function prepareEvent(event: ServerEvent): ServerEvent {
  const { data } = checkEvent(event)
  return data === undefined || typeof data === 'string' ? event : { ...event, data: dataText(data) }
}

/** A checked copy of its own, which nobody can change: for an encoder that takes data as it is. */
export function snapshotEvent(event: ServerEvent): ServerEvent {
  const { data } = checkEvent(event)
  if (typeof data !== 'object' || data === null) return event
  try {
    return { ...event, data: structuredClone(data) }
  } catch (cause) {
    throw invalid('data', `it cannot be copied (${String(cause)})`, 'Give plain data')
  }
}

/** Throws unless every field fits on its line; gives the same event back. */
export function checkEvent(event: ServerEvent): ServerEvent {
  if (typeof event !== 'object' || event === null || Array.isArray(event)) throw noEvent(event)
  checkLine('event', event.event)
  checkLine('id', event.id)
  const { retry, comment } = event
  if (comment !== undefined && typeof comment !== 'string') {
    throw invalid('comment', `it is of type ${typeof comment}`, 'Give a string')
  }
  if (retry !== undefined && !(Number.isSafeInteger(retry) && retry >= 0)) {
    throw invalid('retry', `${retry} is no whole number of milliseconds`, 'Give 0 or more')
  }
  return event
}

function checkLine(field: 'event' | 'id', value: unknown): void {
  if (value === undefined) return
  if (typeof value !== 'string') {
    throw invalid(field, `it is of type ${typeof value}`, 'Give a string')
  }
  // A line end would start a new field; a NUL makes clients ignore the id (WHATWG HTML, 9.2.6).
  if (/[\r\n\0]/.test(value)) {
    throw invalid(
      field,
      `${JSON.stringify(value)} has a CR, LF or NUL`,
      'Leave such characters out',
    )
  }
}

function dataText(data: unknown): string | undefined {
  if (data === undefined || typeof data === 'string') return data
  const text = jsonText(data)
  if (text === undefined) {
    throw invalid('data', `a ${typeof data} has no JSON form`, 'Give a string or a JSON value')
  }
  return text
}

function jsonText(data: unknown): string | undefined {
  try {
    return JSON.stringify(data)
  } catch (cause) {
    throw invalid('data', `it has no JSON form (${String(cause)})`, 'Give a string or a JSON value')
  }
}

function lines(prefix: string, text: string): string {
  let wire = ''
  // A space follows the colon always: clients drop exactly one, so a text that starts with a space keeps it.
  for (const line of text.split(LINE_END)) wire += `${prefix} ${line}\n`
  return wire
}

function noEvent(value: unknown): EventServerError {
  const what = Array.isArray(value) ? 'a list' : value === null ? 'null' : `of type ${typeof value}`
  return new EventServerError(
    'invalid-event',
    `Cannot send the event: it is ${what}. Give an object, such as { data: 'hello' }.`,
  )
}

function invalid(field: string, because: string, remedy: string): EventServerError {
  return new EventServerError(
    'invalid-event',
    `Cannot send the event: its ${field} is not fit for the wire: ${because}. ${remedy}.`,
  )
}
