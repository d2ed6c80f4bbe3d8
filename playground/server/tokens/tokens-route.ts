import type { IncomingMessage, ServerResponse } from 'node:http'
import { encodeEvent } from '@millrace/server'
import { DONE, type Question, type Token, type Trouble } from '../../wire/tokens.ts'
import { answerText, pathnameOf, textOf, type Route } from '../route.ts'
import { answerTo } from './answer.ts'

/** Characters that a question may have, in its JSON. */
const LONGEST = 10_000

const troubles: readonly unknown[] = ['none', 'break', 'silence', 'refuse'] satisfies Trouble[]

interface Pacing {
  /** Milliseconds between two tokens. */
  readonly pace: number
}

/** Answers questions token by token: a stream with an end, made with nothing but the encoder. */
export function openTokens({ pace }: Pacing): Route {
  return {
    handle: (request, response) => {
      if (pathnameOf(request) !== '/tokens/answer') return false
      if (request.method === 'POST') {
        answer(request, response, pace).catch((error: unknown) => {
          answerText(response, 400, `Cannot answer: ${String(error)}`)
        })
      } else {
        response.setHeader('allow', 'POST')
        answerText(response, 405, 'Cannot answer: a question is posted.')
      }
      return true
    },
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  pace: number,
): Promise<void> {
  const { question, trouble } = asQuestion(JSON.parse(await textOf(request, LONGEST)))
  if (trouble === 'refuse') {
    answerText(response, 503, 'Cannot answer now: too many questions.')
    return
  }
  const tokens = answerTo(question)
  const end = trouble === 'none' ? tokens.length : Math.floor(tokens.length / 2)
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
  })
  response.flushHeaders()
  let next = 0
  const timer = setInterval(() => {
    const token = tokens[next]
    if (next < end && token !== undefined) {
      response.write(encodeEvent({ data: { token } satisfies Token }))
      next += 1
      return
    }
    clearInterval(timer)
    if (trouble === 'break') response.destroy()
    else if (trouble === 'none') response.end(encodeEvent({ data: DONE }))
  }, pace)
  // Who has stopped listening is not talked to.
  response.on('close', () => {
    clearInterval(timer)
  })
}

function asQuestion(body: unknown): Question {
  const { question, trouble } = (body ?? {}) as Partial<Question>
  if (typeof question === 'string' && troubles.includes(trouble)) return body as Question
  throw new TypeError('the body is not a question.')
}
