import { http, HttpResponse } from 'msw/http'
import type { HttpHandler } from 'msw/http'
import type { Matches } from './address.ts'
import { HarnessError } from './error.ts'
import type { Carrier, Mount } from './mount.ts'
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
    http.get(here, async ({ request }) => {
      return (await mount.answer(request, inNode)) ?? HttpResponse.error()
    }),
    http.options(here, async ({ request }) => {
      return (await mount.preflight(request)) ?? HttpResponse.error()
    }),
  ]
}
