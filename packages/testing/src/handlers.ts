import { http, HttpResponse } from 'msw/http'
import type { HttpHandler } from 'msw/http'
import type { Matches } from './address.ts'
import type { Carrier } from './era.ts'
import type { Mount } from './mount.ts'
import { hasImmediates } from './turn.ts'
import { markOf, noAnswer, unmark } from './worker/mark.ts'
import { clientWith, keepMark, watch } from './worker/watch.ts'

/**
 * What MSW needs in Node: the head waits for a first chunk; without `chunked` a broken stream looks like a finished
 * one; and a connection that is kept is checked by a timer before it is used again, which a test may have faked.
 */
const inNode: Carrier = {
  emptyStart: true,
  headers: { 'transfer-encoding': 'chunked', connection: 'close' },
}

const inWorker: Carrier = { emptyStart: false, headers: {} }

/**
 * Whether clients are watched where they ask, because this place does not tell the server all of it: a Service Worker
 * tells neither what has arrived nor who has left; happy-dom sends requests that are aborted already, and keeps a
 * cancelled body to itself.
 */
const watches = !hasImmediates || 'happyDOM' in globalThis

/** The request handlers that put a mount into MSW. */
export function createHandlers<Data>(mount: Mount<Data>, matches: Matches): HttpHandler[] {
  if (watches) watch(matches)
  const here = ({ request }: { readonly request: Request }): boolean => matches(request.url)
  // All methods: that one is wrong is for the engine to say.
  const handler = http.all(here, async ({ request }) => {
    const isPreflight = request.method === 'OPTIONS'
    const answered = isPreflight ? mount.preflight(request) : answer(mount, request)
    return (await answered) ?? HttpResponse.error()
  })
  // To log a stream MSW copies it; a copy that nobody reads keeps all of it, and its client from leaving.
  handler.log = async ({ response }) => {
    await response.body?.cancel()
  }
  return [handler]
}

async function answer<Data>(mount: Mount<Data>, request: Request): Promise<Response | undefined> {
  const carrier = hasImmediates ? inNode : inWorker
  const mark = watches ? markOf(request) : undefined
  if (mark === undefined) return mount.answer(request, { ...carrier, isStranger: !hasImmediates })
  const client = clientWith(mark)
  // It left before its request came, and sees no answer.
  if (!client) return new Response(null, { status: 204 })
  client.arrived()
  const response = await mount.answer(unmark(request, client.gone), { ...carrier, far: client })
  client.await()
  if (response) return keepMark(response, request)
  return hasImmediates ? noAnswer() : undefined
}
