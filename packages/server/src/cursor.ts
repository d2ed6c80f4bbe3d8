import { addressOf } from './address.ts'

/**
 * The cursor a request resumes from: the `Last-Event-ID` header, else the query parameter; `undefined` where neither is.
 * The parameter defaults to `lastEventId`.
 *
 * @example
 * cursorOf(new Request('http://localhost/events?lastEventId=17')) // '17'
 */
export function cursorOf(request: Request, param = 'lastEventId'): string | undefined {
  const header = request.headers.get('last-event-id')
  if (header) return fromUtf8(header)
  return addressOf(request).searchParams.get(param) || undefined
}

// WHATWG HTML, 9.2.3 "Processing model": the header's value is the id "encoded as UTF-8", but header values are read
// one character per byte.
function fromUtf8(value: string): string {
  // oxlint-disable-next-line no-control-regex -- the range is "what is one byte and no ASCII"
  if (!/[\u0080-\u00ff]/.test(value)) return value
  const bytes = Uint8Array.from(value, (char) => char.charCodeAt(0))
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return value
  }
}
