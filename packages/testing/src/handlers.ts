import { http, HttpResponse } from 'msw/http'
import type { HttpHandler } from 'msw/http'
import type { Matches } from './address.ts'
import { HarnessError } from './error.ts'
import type { Carrier } from './era.ts'
import type { Mount } from './mount.ts'
import { hasImmediates } from './turn.ts'

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
  if (!hasImmediates) {
    throw new HarnessError(
      'unsupported',
      'Cannot answer through a Service Worker: what is delivered there cannot be awaited yet. Do give the client events.fetch.',
    )
  }
  const here = ({ request }: { readonly request: Request }): boolean => matches(request.url)
  return [
    // All methods: that one is wrong is for the engine to say.
    http.all(here, async ({ request }) => {
      const isPreflight = request.method === 'OPTIONS'
      const answer = isPreflight ? mount.preflight(request) : mount.answer(request, inNode)
      return (await answer) ?? HttpResponse.error()
    }),
  ]
}
