import type { IncomingMessage, ServerResponse } from 'node:http'

/** A part of the server. */
export interface Route {
  /** Whether the request is its own; then it answers it. */
  readonly handle: (request: IncomingMessage, response: ServerResponse) => boolean
  /** Ends all that it has begun. */
  readonly close?: () => Promise<void>
}

/** What a request asks for, without its query. */
export function pathnameOf({ url = '/' }: IncomingMessage): string {
  return url.replace(/[?#].*$/s, '')
}

/** What is behind the question mark. */
export function queryOf({ url = '/' }: IncomingMessage): URLSearchParams {
  return new URLSearchParams(/\?([^#]*)/.exec(url)?.[1])
}

export function answerJson(response: ServerResponse, value: unknown): void {
  response
    .writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    .end(JSON.stringify(value))
}

export function answerText(response: ServerResponse, status: number, text: string): void {
  response
    .writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' })
    .end(`${text}\n`)
}

/** The body of a request as text; fails where it is longer than `limit` characters. */
export async function textOf(request: IncomingMessage, limit: number): Promise<string> {
  let text = ''
  request.setEncoding('utf8')
  for await (const piece of request) {
    text += String(piece)
    if (text.length > limit) throw new RangeError(`A body is longer than ${limit} characters.`)
  }
  return text
}
