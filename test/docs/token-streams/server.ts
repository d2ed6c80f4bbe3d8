// token-streams/server.ts
import { encodeEvent } from '@millrace/server'

/** Answers `POST /chat` token by token: a route of whatever speaks the Fetch API. */
export function chatOf(model: (question: string) => AsyncGenerator<string>) {
  return async (request: Request): Promise<Response> => {
    const { question } = (await request.json()) as { question: string }
    const tokens = model(question)
    const encoder = new TextEncoder()
    const body = new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        const { done, value: token } = await tokens.next()
        controller.enqueue(encoder.encode(encodeEvent({ data: done ? '[DONE]' : { token } })))
        if (done) controller.close()
      },
      // Whoever has left needs no more of it.
      cancel: async () => void (await tokens.return(undefined)),
    })
    return new Response(body, {
      headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-cache, no-transform' },
    })
  }
}
