/** The cursor of a request, as the engine reads it: the header, else the query; what is empty is none. */
export function cursorOf(request: Request, param = 'lastEventId'): string | undefined {
  const header = request.headers.get('last-event-id')
  if (header) return fromUtf8(header)
  return new URL(request.url).searchParams.get(param) || undefined
}

// WHATWG HTML, 9.2.3 "Processing model": the value is the id "encoded as UTF-8", and `Headers` read it byte by byte.
function fromUtf8(value: string): string {
  const bytes = Uint8Array.from(value, (char) => char.charCodeAt(0))
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return value
  }
}
