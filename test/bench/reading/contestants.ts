import { fetchEventSource } from '@microsoft/fetch-event-source'
import { createEventSource } from 'eventsource-client'
import { createParser } from 'eventsource-parser'
import { createPool, eventSourceTransport, type ConnectOptions } from 'millrace'

/** Reads a stream: gives each event's data to the listener, and returns what closes it. */
export type Contestant = (url: string, listener: (data: string) => void) => () => void

/** Those who are compared, the same in Node and in a browser. */
export const contestants = {
  millrace: (url, listener) => readWithMillrace(url, listener, {}),

  'millrace, native': (url, listener) =>
    readWithMillrace(url, listener, { transport: eventSourceTransport() }),

  native: (url, listener) => {
    const source = new EventSource(url)
    source.addEventListener('message', ({ data }) => listener(data as string))
    return () => source.close()
  },

  // What one writes by hand with the parser that Millrace has: the reader loop that it too needs.
  'eventsource-parser': (url, listener) => {
    const decoder = new TextDecoder()
    const parser = createParser({ onEvent: ({ data }) => listener(data) })
    return readChunks(url, (chunk) => parser.feed(decoder.decode(chunk, { stream: true })))
  },

  // The floor: the least code that gives the events of this one fixture.
  floor: (url, listener) => {
    const decoder = new TextDecoder()
    let rest = ''
    return readChunks(url, (chunk) => {
      const text = rest + decoder.decode(chunk, { stream: true })
      let at = 0
      for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n', at)) {
        listener(text.slice(at + 'data: '.length, end))
        at = end + 2
      }
      rest = text.slice(at)
    })
  },

  'fetch-event-source': (url, listener) => {
    const controller = new AbortController()
    void fetchEventSource(url, {
      signal: controller.signal,
      openWhenHidden: true,
      onmessage: ({ data }) => listener(data),
    })
    return () => controller.abort()
  },

  'eventsource-client': (url, listener) => {
    const source = createEventSource({ url, onMessage: ({ data }) => listener(data) })
    return () => source.close()
  },
} satisfies Record<string, Contestant>

/** The name of one of those who are compared. */
export type ContestantName = keyof typeof contestants

function readWithMillrace(
  url: string,
  listener: (data: string) => void,
  options: ConnectOptions,
): () => void {
  const pool = createPool()
  pool.stream(url, options).on('message', ({ data }) => listener(data))
  return () => pool.close()
}

function readChunks(url: string, take: (chunk: Uint8Array) => void): () => void {
  const controller = new AbortController()
  const read = async (): Promise<void> => {
    const { body } = await fetch(url, { signal: controller.signal })
    const reader = body?.getReader()
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- a stream is read one chunk after the other
      const { done = true, value } = (await reader?.read()) ?? {}
      if (done || value === undefined) return
      take(value)
    }
  }
  read().catch((error: unknown) => {
    if (!controller.signal.aborted) throw error
  })
  return () => controller.abort()
}
