type Event = readonly [type: string, data: string, lastEventId: string, own: string | undefined]

/** What a client has heard when a stream is over. */
export interface Interpretation {
  /** Type, data, last event id, and the id of its own, of each event. */
  readonly events: readonly Event[]
  readonly retries: readonly number[]
  readonly lastEventId: string
  /** How many events were too large. */
  readonly skipped: number
}

/**
 * WHATWG HTML, 9.2.6 "Interpreting an event stream", word for word: all at once, slowly, and with nobody's parser.
 *
 * Of an event whose lines come to more than `maxEventSize` characters, `id` and `retry` count, where they are no
 * longer than that themselves.
 */
export function interpret(stream: Uint8Array, maxEventSize = Infinity): Interpretation {
  // "Streams must be decoded using the UTF-8 decode algorithm", which strips one byte order mark.
  // (Of a character that is not complete at the end nothing is made: it is pending data.)
  const lines = new TextDecoder().decode(stream, { stream: true }).split(/\r\n|\r|\n/)
  const events: Event[] = []
  const retries: number[] = []
  let [lastEventId, skipped] = ['', 0]
  let [data, type, own, size] = ['', '', undefined as string | undefined, 0]

  function read(line: string): void {
    const [, field = '', value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? []
    if (field === 'event') type = value
    else if (field === 'data') data += `${value}\n`
    else if (field === 'id' && !value.includes('\0')) own = value
    else if (field === 'retry' && /^[0-9]+$/.test(value)) retries.push(Number(value))
  }
  function dispatch(): void {
    lastEventId = own ?? lastEventId
    if (data !== '' && size <= maxEventSize) {
      events.push([type || 'message', data.slice(0, -1), lastEventId, own])
    }
    ;[data, type, own, size] = ['', '', undefined, 0]
  }

  for (const [index, line] of lines.entries()) {
    const before = size
    if (!line.startsWith(':')) size += line.length
    if (before <= maxEventSize && size > maxEventSize) skipped += 1
    // "Once the end of the file is reached, any pending data must be discarded": nothing has ended the last line.
    if (index === lines.length - 1) break
    if (line === '') dispatch()
    else if (line.length <= maxEventSize) read(line)
  }
  return { events, retries, lastEventId, skipped }
}
