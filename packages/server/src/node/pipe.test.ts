import http2 from 'node:http2'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { cleanUp, deferred, listen, listenNode, rawRequest } from '../../test/listen.ts'
import { createEventServer } from '../event-server.ts'
import type { DisconnectReason } from '../session.ts'
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
  const reset = deferred<void>()
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
  const cancelled = deferred<void>()
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

test('a burst of 10,000 loses nothing, awaited or not', async () => {
  const reasons: DisconnectReason[] = []
  const onDisconnect = (_: unknown, reason: DisconnectReason): unknown => reasons.push(reason)
  const events = createEventServer({ ids: 'manual', onDisconnect })
  const url = await listen(events)
  const response = await fetch(`${url}/?channel=a`)
  const counted = countEvents(response)
  const data = 'x'.repeat(300)
  for (let n = 0; n < 10_000; n++) await events.publish('a', { data })
  await counted.reached(10_000)
  for (let n = 0; n < 10_000; n++) void events.publish('a', { data })
  await counted.reached(20_000)
  expect(reasons).toEqual([])
})

test('a client that does not read is cut off, and the others miss nothing', async () => {
  const slow = deferred<DisconnectReason>()
  const events = createEventServer({
    ids: 'manual',
    maxBacklog: 256 * 1024,
    onDisconnect: (_, reason) => slow.resolve(reason),
  })
  const url = await listen(events)
  const stuck = await rawRequest(url, '/?channel=a')
  const reset = once(stuck, 'error')
  await once(stuck, 'readable')
  const reading = await fetch(`${url}/?channel=a`)
  const counted = countEvents(reading)
  const data = 'x'.repeat(32 * 1024)
  let published = 0
  while (events.sessions.size > 1) {
    published += 1
    await events.publish('a', { data })
    await counted.reached(published)
  }
  expect(await slow.promise).toBe('slow')
  // The socket is reset, so that the kernel keeps nothing for a peer that is stuck.
  stuck.resume()
  const [error] = (await reset) as [NodeJS.ErrnoException]
  expect(error.code).toBe('ECONNRESET')
  expect(events.sessions.size).toBe(1)
  await events.publish('a', { data: 'after' })
  await counted.reached(published + 1)
})

// Counts blank lines, which end events; the head's is the first.
function countEvents(response: Response): { reached: (count: number) => Promise<void> } {
  const text = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  let seen = -1
  let last = ''
  return {
    reached: async (count) => {
      while (seen < count) {
        const { value = '', done } = await text.read()
        if (done) throw new Error('the stream has ended')
        seen += (last + value).split('\n\n').length - 1
        last = value.endsWith('\n') && !value.endsWith('\n\n') ? '\n' : ''
      }
    },
  }
}

test('a body that errs cancels its stream in HTTP/2', async () => {
  const server = http2.createServer(
    toNodeHandler({
      fetch: () =>
        new Response(new ReadableStream({ pull: (controller) => controller.error(new Error()) })),
    }),
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = http2.connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  cleanUp.push(() => {
    client.destroy()
    server.close()
  })
  const stream = client.request({ ':path': '/' })
  await expect(once(stream, 'close')).rejects.toThrow('NGHTTP2_INTERNAL_ERROR')
})
