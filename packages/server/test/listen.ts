import { once } from 'node:events'
import http from 'node:http'
import http2 from 'node:http2'
import { connect as openSocket } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { afterEach } from 'vitest'
import { toNodeHandler } from '../src/node/handler.ts'
import type { FetchApp } from '../src/node/handler.ts'

/** What is undone after the test, the newest first. */
export const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  for (const end of cleanUp.splice(0).toReversed()) await end()
})

export function listen(app: FetchApp): Promise<string> {
  return listenNode(toNodeHandler(app))
}

export async function listenNode(listener: http.RequestListener): Promise<string> {
  const server = http.createServer(listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanUp.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A client of an HTTP/2 server that answers so. */
export async function listenHttp2(
  listener: (request: http2.Http2ServerRequest, response: http2.Http2ServerResponse) => void,
): Promise<http2.ClientHttp2Session> {
  const server = http2.createServer({}, listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = http2.connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  cleanUp.push(() => {
    client.destroy()
    server.close()
  })
  return client
}

export async function rawRequest(url: string, path: string): Promise<Socket> {
  const { hostname, port } = new URL(url)
  const socket = openSocket(Number(port), hostname)
  cleanUp.push(() => socket.destroy())
  await once(socket, 'connect')
  socket.write(`GET ${path} HTTP/1.1\r\nhost: ${hostname}\r\n\r\n`)
  return socket
}
