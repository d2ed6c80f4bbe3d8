import { http, HttpResponse } from 'msw/http'
import type { HttpHandler } from 'msw/http'
import type { Matches } from './address.ts'
import type { Carrier } from './era.ts'
import type { Mount } from './mount.ts'
import { hasImmediates } from './turn.ts'
import { markOf, unmark } from './worker/mark.ts'
import { clientWith, watch } from './worker/watch.ts'

/**
 * What MSW needs in Node: the head waits for a first chunk; without `chunked` a broken stream looks like a finished
 * one; and a connection that is kept is checked by a timer before it is used again, which a test may have faked.
 */
const inNode: Carrier = {
  emptyStart: true,
  headers: { 'transfer-encoding': 'chunked', connection: 'close' },
}

/** The request handlers that put a mount into MSW. */
export function createHandlers<Data>(mount: Mount<Data>, matches: Matches): HttpHandler[] {
  if (!hasImmediates) watch(matches)
  const answer = hasImmediates ? answerInNode : answerInWorker
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

function answerInNode<Data>(mount: Mount<Data>, request: Request): Promise<Response | undefined> {
  return mount.answer(request, inNode)
}

async function answerInWorker<Data>(
  mount: Mount<Data>,
  request: Request,
): Promise<Response | undefined> {
  const mark = markOf(request)
  if (mark === undefined)
    return mount.answer(request, { emptyStart: false, headers: {}, isStranger: true })
  const client = clientWith(mark)
  // It left before its request came.
  if (!client) return undefined
  client.arrived()
  const asked = unmark(request, client.gone)
  const response = await mount.answer(asked, { emptyStart: false, headers: {}, far: client })
  client.await()
  return response
}
