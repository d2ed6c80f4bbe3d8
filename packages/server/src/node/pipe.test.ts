import { once } from 'node:events'
import { expect, test } from 'vitest'
import { listen, listenHttp2, listenNode, rawRequest } from '../../test/listen.ts'
import { toNodeHandler } from './handler.ts'
import { pipeBody } from './pipe.ts'

test('an empty chunk does not end the body', async () => {
  const url = await listen({
    fetch: () =>
      new Response(
        new ReadableStream({
          start: (controller) => {
            for (const text of ['', 'a', '']) controller.enqueue(new TextEncoder().encode(text))
            controller.close()
          },
        }),
      ),
  })
  expect(await (await fetch(url)).text()).toBe('a')
})

test('a body that errs is an error to the client, not an end', async () => {
  const url = await listen({
    fetch: () =>
      new Response(
        new ReadableStream({
          pull: (controller) => controller.error(new Error('boom')),
        }),
      ),
  })
  await expect(fetch(url).then((response) => response.text())).rejects.toThrow(TypeError)
})

test('an ended body waits for no reader that is stuck', async () => {
  const reset = Promise.withResolvers<void>()
  const url = await listenNode((_, response) => {
    response.on('close', reset.resolve)
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        controller.enqueue(new Uint8Array(32 * 1024 * 1024))
        controller.close()
      },
    })
    void pipeBody(body, response, new AbortController().signal, 1)
  })
  const socket = await rawRequest(url, '/')
  socket.on('error', () => {})
  await once(socket, 'readable')
  await reset.promise
  expect(socket.readableEnded).toBe(false)
})

test('the body is read at the pace of the socket', async () => {
  let pulled = 0
  const cancelled = Promise.withResolvers<void>()
  const chunk = new Uint8Array(64 * 1024)
  const url = await listen({
    fetch: () =>
      new Response(
        new ReadableStream(
          {
            pull: (controller) => {
              pulled += 1
              if (pulled > 10_000) throw new Error('nobody waits for the socket')
              controller.enqueue(chunk)
            },
            cancel: () => cancelled.resolve(),
          },
          { highWaterMark: 0 },
        ),
      ),
  })
  const socket = await rawRequest(url, '/')
  await once(socket, 'readable')
  socket.destroy()
  await cancelled.promise
  expect(pulled).toBeLessThan(10_000)
})

test('a body that errs cancels its stream in HTTP/2', async () => {
  const client = await listenHttp2(
    toNodeHandler({
      fetch: () =>
        new Response(new ReadableStream({ pull: (controller) => controller.error(new Error()) })),
    }),
  )
  const stream = client.request({ ':path': '/' })
  await expect(once(stream, 'close')).rejects.toThrow('NGHTTP2_INTERNAL_ERROR')
})
