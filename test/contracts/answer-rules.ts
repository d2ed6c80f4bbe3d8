import type { Outcome } from 'millrace'
import type { Answer } from '../environment/wire.ts'

/** One rule of WHATWG HTML, 9.2.3 "Processing model": what a server answers, and how the attempt ends of it. */
export interface AnswerRule {
  readonly name: string
  /** One after the other, for each redirect a further one. */
  readonly answers: readonly Answer[]
  /** How the attempt ends; `undefined` where a stream is open. */
  readonly outcome: Outcome | undefined
  /** Hosts that break it, and why that is not ours to mend. */
  readonly except?: Readonly<Record<string, string>>
}

function status(status: number, headers: Answer['headers'] = {}): AnswerRule {
  const retryAfter = headers['retry-after'] ?? undefined
  const saying = retryAfter === undefined ? '' : ` with Retry-After ${retryAfter}`
  return {
    name: `status ${status}${saying} refuses`,
    answers: [{ status, headers, chunks: status === 304 ? [] : ['no stream'] }],
    outcome: { kind: 'status', status, retryAfter },
  }
}

function refused(name: string, contentType: string | null): AnswerRule {
  return {
    name: `${name} is no event stream`,
    answers: [{ headers: { 'content-type': contentType }, chunks: ['data: 1\n\n'] }],
    outcome: { kind: 'content-type', contentType: contentType ?? '' },
  }
}

function accepted(contentType: string): AnswerRule {
  return {
    name: `content type "${contentType}" is an event stream`,
    answers: [{ headers: { 'content-type': contentType }, ending: 'hang' }],
    outcome: undefined,
  }
}

const stream: Answer = { ending: 'hang' }

/** A redirect to the same script, which has the next answer ready. */
const redirect = (status: number): Answer => ({ status, headers: { location: '?again' } })

function followed(status: number): AnswerRule {
  return {
    name: `a redirect with status ${status} is followed`,
    answers: [redirect(status), stream],
    outcome: undefined,
  }
}

/** What each transport must make of an answer's head. */
export const answerRules: readonly AnswerRule[] = [
  { name: 'a body may end at once', answers: [{}], outcome: { kind: 'end' } },
  {
    name: 'status 204 ends the stream for good',
    answers: [{ status: 204 }],
    outcome: { kind: 'no-content' },
  },
  ...[201, 202, 206, 300].map((code) => status(code)),
  {
    ...status(304),
    except: {
      'fetch in happy-dom': 'its cache looks for what was never cached, and no promise settles',
      'EventSource in happy-dom': 'it is the same `fetch`',
    },
  },
  ...[400, 401, 403, 404, 408, 410, 425, 500, 502, 504].map((code) => status(code)),
  status(429, { 'retry-after': '7' }),
  status(503, { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' }),
  refused('HTML', 'text/html'),
  refused('JSON', 'application/json; charset=utf-8'),
  refused('a body without a content type', null),
  refused('a content type that only begins like one', 'text/event-streams'),
  refused('a content type that only speaks of one', 'text/plain; of=text/event-stream'),
  accepted('text/event-stream'),
  accepted('text/event-stream; charset=utf-8'),
  accepted('text/event-stream;charset=UTF-8'),
  accepted('Text/Event-Stream; Charset=UTF-8'),
  accepted('text/event-stream ; charset=utf-8'),
  ...[301, 302, 303, 307, 308].map(followed),
  {
    name: 'of a redirect the final answer counts',
    answers: [redirect(307), redirect(302), { status: 404 }],
    outcome: { kind: 'status', status: 404, retryAfter: undefined },
  },
  {
    name: 'a redirect that says no place refuses',
    answers: [{ status: 302 }],
    outcome: { kind: 'status', status: 302, retryAfter: undefined },
  },
]
