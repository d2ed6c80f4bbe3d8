interface Fetchable {
  readonly fetch: (request: Request) => Response | Promise<Response>
}

/** A client that reads its stream chunk by chunk. */
export interface TestStream {
  readonly response: Response
  /** The next chunk as text; `undefined` at the end. */
  readonly read: () => Promise<string | undefined>
  /** Everything until the end. */
  readonly rest: () => Promise<string>
  readonly leave: () => Promise<void>
}

/** Opens a stream and does not read yet. */
export async function open(
  events: Fetchable,
  path = '/events',
  init?: RequestInit,
): Promise<TestStream> {
  const response = await events.fetch(new Request(`http://localhost${path}`, init))
  const reader = (response.body as ReadableStream<Uint8Array>).getReader()
  const decoder = new TextDecoder()
  const read = async (): Promise<string | undefined> => {
    const { done, value } = await reader.read()
    return done ? undefined : decoder.decode(value)
  }
  return {
    response,
    read,
    rest: async () => {
      let text = ''
      for (let chunk = await read(); chunk !== undefined; chunk = await read()) text += chunk
      return text
    },
    leave: () => reader.cancel(),
  }
}

// A comment or a blank line, and where the order stands.
const HEAD = /^(?:\n|[^]*?\n\n)(?:id: .*\n\n)?/

/** Opens a stream and reads its head; what comes in one chunk with it is read next. */
export async function connect(
  events: Fetchable,
  path?: string,
  init?: RequestInit,
): Promise<TestStream> {
  const stream = await open(events, path, init)
  let more = (await stream.read())?.replace(HEAD, '')
  const read = (): Promise<string | undefined> => {
    const first = more
    more = undefined
    return first ? Promise.resolve(first) : stream.read()
  }
  const rest = async (): Promise<string> => `${more ?? ''}${await stream.rest()}`
  return { ...stream, read, rest }
}

/** Resumes from a cursor. */
export function resumeFrom(cursor: string): RequestInit {
  return { headers: { 'last-event-id': cursor } }
}
