import { createEventServer } from '@millrace/server'
import { toNodeHandler } from '@millrace/server/node'
import { createChannel, createSession } from 'better-sse'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { PREAMBLE } from './fixture.ts'

/** A server to be measured. */
export interface Variant {
  readonly listener: RequestListener
  /** To everyone who is connected. */
  readonly publish: (data: string) => void
}

/** The servers that are compared; all but `better-sse` write the same bytes. */
export const variants = {
  millrace: (): Variant => {
    const events = createEventServer({ ids: 'manual' })
    return {
      listener: toNodeHandler(events),
      publish: (data) => void events.publish('bench', { data }),
    }
  },

  // The engine as one meets it where nobody knows it: a Response, and an adapter that reads its body.
  'millrace, body': (): Variant => {
    const events = createEventServer({ ids: 'manual' })
    return {
      listener: (request, response) => void answer(request, response, events.fetch),
      publish: (data) => void events.publish('bench', { data }),
    }
  },

  // What one writes by hand: one Buffer a message, shared by all.
  loop: (): Variant => {
    const responses = new Set<ServerResponse>()
    return {
      listener: (_request, response) => {
        response.writeHead(200, {
          'content-type': 'text/event-stream',
          'cache-control': 'no-cache',
        })
        response.write(PREAMBLE)
        responses.add(response)
        response.on('close', () => responses.delete(response))
      },
      publish: (data) => {
        const bytes = Buffer.from(`data: ${data}\n\n`)
        for (const response of responses) response.write(bytes)
      },
    }
  },

  // As its documentation shows it.
  'better-sse': (): Variant => {
    const channel = createChannel()
    return {
      listener: (request, response) => {
        void createSession(request, response).then((session) => channel.register(session))
      },
      publish: (data) => void channel.broadcast(data),
    }
  },
} satisfies Record<string, () => Variant>

/** The name of a server to be measured. */
export type VariantName = keyof typeof variants

async function answer(
  { url, headers }: IncomingMessage,
  response: ServerResponse,
  fetch: (request: Request) => Promise<Response>,
): Promise<void> {
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  const request = new Request(new URL(url ?? '/', `http://${headers.host}`), {
    signal: gone.signal,
  })
  const { status, headers: head, body } = await fetch(request)
  response.writeHead(status, Object.fromEntries(head))
  const reader = body?.getReader()
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- a stream is read one chunk after the other
    const { done = true, value } = (await reader?.read()) ?? {}
    if (done) break
    if (!response.write(value)) {
      // oxlint-disable-next-line no-await-in-loop -- at the pace of the socket
      await new Promise((resolve) => response.once('drain', resolve).once('close', resolve))
    }
  }
  response.end()
}
