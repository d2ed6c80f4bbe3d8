import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import type { AnswerFault } from '../../wire/faults.ts'

/** How requests for the stream are met. */
interface Meeting {
  /** How many requests; the browser itself asks more than once where nobody answers. */
  readonly times: number
  /** Milliseconds after which it is over, however many they were. */
  readonly lasts?: number
  /** Resolves to nothing where the request is let through to the stream; who rejects hangs up. */
  readonly answer: (request: Request) => Promise<Response | undefined>
}

/** Where there is something, but nothing that a page of another origin may read. */
export const ELSEWHERE = '/faults/elsewhere'

export const meetings: Readonly<Record<AnswerFault, Meeting>> = {
  unreachable: {
    times: Infinity,
    lasts: 4_000,
    answer: () => Promise.reject(new Error('Hung up.')),
  },
  slow: { times: 1, answer: () => pause(2_000) },
  withheld: {
    times: 1,
    answer: async ({ signal }) => {
      await once(signal, 'abort')
      return undefined
    },
  },
  mute: {
    times: 1,
    answer: async () =>
      new Response(new ReadableStream(), { headers: { 'content-type': 'text/event-stream' } }),
  },
  unavailable: { times: 3, answer: () => plain(503, 'Down for a moment.') },
  busy: { times: 1, answer: () => plain(503, 'Busy.', { 'retry-after': '4' }) },
  limited: {
    times: 1,
    answer: () =>
      plain(429, 'Too often.', { 'retry-after': new Date(Date.now() + 5_000).toUTCString() }),
  },
  over: { times: 1, answer: async () => new Response(null, { status: 204 }) },
  unauthorized: { times: 1, answer: () => plain(401, 'Who are you?') },
  missing: { times: 1, answer: () => plain(404, 'There is no such stream.') },
  html: {
    times: 1,
    answer: () =>
      plain(200, '<!doctype html><title>Sign in</title>', { 'content-type': 'text/html' }),
  },
  redirect: { times: 1, answer: ({ url }) => redirect(`${url}&moved`) },
  // Browsers give up after twenty.
  loop: { times: 21, answer: ({ url }) => redirect(url) },
  cors: { times: 2, answer: ({ url }) => redirect(onAnotherOrigin(url)) },
}

async function plain(
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return new Response(`${text}\n`, {
    status,
    headers: { 'content-type': 'text/plain', ...headers },
  })
}

async function redirect(location: string): Promise<Response> {
  return new Response(null, { status: 307, headers: { location } })
}

/** The same machine by its other name, which is another origin. */
function onAnotherOrigin(url: string): string {
  const there = new URL(ELSEWHERE, url)
  there.hostname = there.hostname === 'localhost' ? '127.0.0.1' : 'localhost'
  return there.href
}
