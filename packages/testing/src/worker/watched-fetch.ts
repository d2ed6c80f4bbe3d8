import { isNoAnswer, markRequest } from './mark.ts'
import { FetchClient } from './page-client.ts'
import type { Watch } from './page-client.ts'

/** Puts a `fetch` in the place of the page's that knows what its callers have read. */
export function watchFetch({ isWatched, add }: Watch): void {
  const native = globalThis.fetch.bind(globalThis)
  globalThis.fetch = async (input, init) => {
    if (!isWatched(urlOf(input))) return native(input, init)
    const request = new Request(input, init)
    const client = new FetchClient()
    add(client)
    const { signal } = request
    const leave = (): void => client.leave(signal.reason)
    if (signal.aborted) leave()
    signal.addEventListener('abort', leave, { once: true })
    client.await()
    try {
      const response = await native(markRequest(request, client.id))
      client.arrived()
      if (isNoAnswer(response)) {
        // To the end: happy-dom stumbles over a body that is aborted before it has seen that.
        await response.arrayBuffer()
        throw new TypeError('Failed to fetch')
      }
      if (client.isStream && response.body) return watched(response, response.body, client)
      client.leave()
      return response
    } catch (error) {
      client.leave()
      throw error
    }
  }
}

function watched(
  response: Response,
  body: ReadableStream<Uint8Array>,
  client: FetchClient,
): Response {
  const reader = body.getReader()
  const stream = new ReadableStream<Uint8Array>(
    {
      // What is asked for is asked for when the last has been dealt with.
      pull: async (controller) => {
        client.ask()
        try {
          const { done, value } = await reader.read()
          if (done) {
            client.end()
            controller.close()
          } else {
            client.give(value)
            controller.enqueue(value)
          }
        } catch (error) {
          client.end()
          controller.error(error)
        }
      },
      cancel: (reason) => {
        client.leave(reason)
        return reader.cancel(reason)
      },
    },
    { highWaterMark: 0 },
  )
  const { status, statusText, headers, url, redirected, type } = response
  // On the response itself, not around it: a copy of it would be without them.
  return Object.defineProperties(new Response(stream, { status, statusText, headers }), {
    url: { value: url },
    redirected: { value: redirected },
    type: { value: type },
  })
}

function urlOf(input: RequestInfo | URL): string {
  return new URL(input instanceof Request ? input.url : input, document.baseURI).href
}
