import http from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect as openSocket } from 'node:net'
import { expect, test } from 'vitest'
import { cleanUp, listen } from '../../test/listen.ts'
import { toNodeHandler } from './handler.ts'

test('the request arrives with its method, address, headers and body', async () => {
  const url = await listen({
    fetch: async (request) =>
      Response.json([
        request.method,
        request.url,
        request.headers.get('x-a'),
        await request.text(),
      ]),
  })
  const response = await fetch(`${url}/p?q=1`, {
    method: 'POST',
    body: 'hi',
    headers: { 'x-a': 'b' },
  })
  expect(await response.json()).toEqual(['POST', `${url}/p?q=1`, 'b', 'hi'])
})

test('the mount path of Express is part of the address', async () => {
  const handler = toNodeHandler({ fetch: (request) => new Response(new URL(request.url).pathname) })
  const server = http.createServer((request, response) => {
    handler(Object.assign(request, { originalUrl: `/mounted${request.url}` }), response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanUp.push(() => server.close())
  const { port } = server.address() as AddressInfo
  const response = await fetch(`http://127.0.0.1:${port}/here`)
  expect(await response.text()).toBe('/mounted/here')
})

test('an address that is none is a 400', async () => {
  const url = await listen({ fetch: () => new Response() })
  const socket = openSocket(Number(new URL(url).port), '127.0.0.1')
  cleanUp.push(() => socket.destroy())
  socket.write('GET / HTTP/1.1\r\nhost: a b[\r\nconnection: close\r\n\r\n')
  const [head] = (await once(socket, 'data')) as [Buffer]
  expect(head.toString()).toMatch(/^HTTP\/1\.1 400 /)
})

const exchangeOf = async (url: string, head: string): Promise<string> => {
  const socket = openSocket(Number(new URL(url).port), '127.0.0.1')
  cleanUp.push(() => socket.destroy())
  socket.write(`${head}\r\nconnection: close\r\n\r\n`)
  const [answer] = (await once(socket, 'data')) as [Buffer]
  return answer.toString()
}

test.each([
  ['a host that holds a path', 'GET /private HTTP/1.1\r\nhost: x/public?', 400],
  ['a host that holds a user', 'GET / HTTP/1.1\r\nhost: u:p@x', 400],
  ['a user in the address', 'GET http://u:p@x/ HTTP/1.1\r\nhost: x', 400],
  ['TRACE', 'TRACE / HTTP/1.1\r\nhost: x', 405],
  ['a host with a port', 'GET / HTTP/1.1\r\nhost: [::1]:80', 200],
  ['a whole address', 'GET http://x/ HTTP/1.1\r\nhost: x', 200],
])('%s is answered with its status', async (_, head, status) => {
  const url = await listen({ fetch: () => new Response() })
  expect(await exchangeOf(url, head)).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
})

test('a body that nobody reads does not stand in the way of the next request', async () => {
  const url = await listen({ fetch: (request) => new Response(request.method, { status: 405 }) })
  const socket = openSocket(Number(new URL(url).port), '127.0.0.1')
  cleanUp.push(() => socket.destroy())
  const size = 2 * 1024 * 1024
  socket.write(`POST / HTTP/1.1\r\nhost: x\r\ncontent-length: ${size}\r\n\r\n${'x'.repeat(size)}`)
  socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
  let text = ''
  for await (const chunk of socket) {
    text += String(chunk)
    if (text.includes('GET')) break
  }
  expect(text).toMatch(/POST[^]*GET/)
})
