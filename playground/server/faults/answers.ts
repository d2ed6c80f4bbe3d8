import type { FakeEventServer } from '@millrace/testing'
import type { AnswerFault } from '../../wire/faults.ts'

/** Where there is something, but nothing that a page of another origin may read. */
export const ELSEWHERE = '/faults/elsewhere'

/** Milliseconds. */
const SLOWNESS = 2_000
const ABSENCE = 4_000

/** A stream, and how long the fault is wanted. */
interface Plight {
  readonly fake: FakeEventServer
  readonly url: string
  readonly signal: AbortSignal
}

/** How the server is told of each fault. */
export const answers: Readonly<Record<AnswerFault, (plight: Plight) => void>> = {
  unreachable: ({ fake }) => {
    const back = performance.now() + ABSENCE
    fake.unreachable({ when: () => performance.now() < back })
  },
  slow: ({ fake, signal }) => {
    fake.withhold({ times: 1 })
    const timer = setTimeout(() => void fake.release().catch(console.error), SLOWNESS)
    signal.addEventListener('abort', () => clearTimeout(timer))
  },
  withheld: ({ fake }) => fake.withhold({ times: 1 }),
  mute: ({ fake }) => fake.stall({ times: 1 }),
  unavailable: ({ fake }) =>
    fake.refuse({ status: 503, body: 'Down for a moment.\n' }, { times: 3 }),
  busy: ({ fake }) =>
    fake.refuse({ status: 503, headers: { 'retry-after': '4' }, body: 'Busy.\n' }, { times: 1 }),
  limited: ({ fake }) => {
    const date = new Date(Date.now() + 5_000).toUTCString()
    const headers = { 'retry-after': date }
    fake.refuse({ status: 429, headers, body: 'Too often.\n' }, { times: 1 })
  },
  over: ({ fake }) => fake.refuse({ status: 204 }, { times: 1 }),
  unauthorized: ({ fake }) => fake.refuse({ status: 401, body: 'Who are you?\n' }, { times: 1 }),
  missing: ({ fake }) =>
    fake.refuse({ status: 404, body: 'There is no such stream.\n' }, { times: 1 }),
  html: ({ fake }) => {
    const headers = { 'content-type': 'text/html' }
    const body = '<!doctype html><title>Sign in</title>\n'
    fake.refuse({ status: 200, headers, body }, { times: 1 })
  },
  redirect: ({ fake, url }) => redirect(fake, `${url}&moved`, 1),
  // Browsers give up after twenty.
  loop: ({ fake, url }) => redirect(fake, url, 21),
  cors: ({ fake, url }) => redirect(fake, onAnotherOrigin(url), 2),
}

function redirect(fake: FakeEventServer, location: string, times: number): void {
  fake.refuse({ status: 307, headers: { location } }, { times })
}

/** The same machine by its other name, which is another origin. */
function onAnotherOrigin(url: string): string {
  const there = new URL(ELSEWHERE, url)
  there.hostname = there.hostname === 'localhost' ? '127.0.0.1' : 'localhost'
  return there.href
}
