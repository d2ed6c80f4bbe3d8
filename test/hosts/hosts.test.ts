import { fork } from 'node:child_process'
import { once } from 'node:events'
import http, { type Server } from 'node:http'
import http2 from 'node:http2'
import type { AddressInfo } from 'node:net'
import type { Readable } from 'node:stream'
import { createGzip, type Gzip } from 'node:zlib'
import express from 'express'
import { afterEach, expect, test } from 'vitest'
import { createServer as createViteServer } from 'vite'
import { toNodeHandler } from '@millrace/server/node'
import { Reading } from '../contracts/session-reading.ts'
import { events } from '../docs/hosts/events.ts'
import { app as expressApp } from '../docs/hosts/express.ts'
import { app as fastifyApp } from '../docs/hosts/fastify.ts'
import { server as honoServer } from '../docs/hosts/hono.ts'
import { createServer as createHttp2Server } from '../docs/hosts/http2.ts'
import { server as nodeServer } from '../docs/hosts/node.ts'
import { GET } from '../docs/hosts/route.ts'
import { eventsInDevelopment } from '../docs/hosts/vite.ts'
import { until } from '../environment/until.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** Opens a stream: its path and its headers. */
type Connect = (path: string, headers: Record<string, string>) => Promise<Reading>

async function listen(server: Server): Promise<string> {
  server.listen(0, 'localhost')
  await once(server, 'listening')
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://localhost:${(server.address() as AddressInfo).port}`
}

function overHttp(url: string): Connect {
  return async (path, headers) => {
    const request = http.get(url + path, { headers, agent: false })
    const [response] = (await once(request, 'response')) as [http.IncomingMessage]
    expect(response.headers['content-type']).toBe('text/event-stream; charset=utf-8')
    request.on('error', () => {})
    return new Reading(response, () => request.destroy())
  }
}

/** Connects, hears, leaves and is missed; comes back, and gives what it was told then: what it had missed. */
async function missedOver(connect: Connect, path = '/events'): Promise<readonly string[]> {
  const address = `${path}?channel=news`
  const reading = await connect(address, {})
  await reading.until('\n\n')
  const { id = '' } = await events.publish('news/today', { event: 'headline', data: 'one' })
  await reading.until('data: one')
  expect([...events.sessions].map(({ url }) => new URL(url).pathname)).toEqual([path])
  reading.leave()
  await until(() => events.sessions.size === 0)
  await events.publish('news/today', { data: 'two' })
  const again = await connect(address, { 'last-event-id': id })
  await again.until('data: two')
  again.leave()
  await until(() => events.sessions.size === 0)
  return again.data
}

test('node:http', async () => {
  const url = await listen(nodeServer)
  expect(await missedOver(overHttp(url))).toEqual(['two'])
  expect(await (await fetch(url)).text()).toBe('Hello')
})

test('Express', async () => {
  expect(await missedOver(overHttp(await listen(http.createServer(expressApp))))).toEqual(['two'])
})

test('Express, behind middleware that compresses: what must not be transformed is not', async () => {
  const { app, gzips } = compressing()
  app.use('/events', toNodeHandler(events))
  expect(await missedOver(overHttp(await listen(http.createServer(app))))).toEqual(['two'])
  expect(gzips).toEqual([])
})

test('Express, behind middleware that compresses whatever it is told: each turn arrives at once', async () => {
  const { app, gzips } = compressing()
  app.use((_, response, next) => {
    const set = response.setHeader.bind(response)
    response.setHeader = (name, value) => (name === 'cache-control' ? response : set(name, value))
    next()
  })
  app.use('/events', toNodeHandler(events))
  const url = await listen(http.createServer(app))
  // `fetch` asks for compression, and undoes it.
  const connect: Connect = async (path, headers) => {
    const abort = new AbortController()
    const { body } = await fetch(url + path, { headers, signal: abort.signal })
    return new Reading(body as AsyncIterable<Uint8Array>, () => abort.abort())
  }
  expect(await missedOver(connect)).toEqual(['two'])
  expect(gzips).toHaveLength(2)
})

test('Hono', async () => {
  const url = await listen(honoServer)
  expect(await missedOver(overHttp(url))).toEqual(['two'])
  expect(await (await fetch(url)).text()).toBe('Hello')
})

test('a route that is a function of the request', async () => {
  expect(
    await missedOver(overHttp(await listen(http.createServer(toNodeHandler({ fetch: GET }))))),
  ).toEqual(['two'])
})

test('Vite, as any other server of Connect middleware', async () => {
  const vite = await createViteServer({
    configFile: false,
    appType: 'custom',
    server: { middlewareMode: true, ws: false },
    plugins: [eventsInDevelopment],
  })
  closing.push(() => vite.close())
  expect(await missedOver(overHttp(await listen(http.createServer(vite.middlewares))))).toEqual([
    'two',
  ])
})

test('node:http2, over TLS', async () => {
  const key = Buffer.alloc(32, 1)
  // A key that both sides have saves making a certificate.
  const server = createHttp2Server({ ciphers: 'PSK', pskIdentityHint: 'x', pskCallback: () => key })
  server.listen(0, 'localhost')
  await once(server, 'listening')
  const client = http2.connect(`https://localhost:${(server.address() as AddressInfo).port}`, {
    ciphers: 'PSK',
    pskCallback: () => ({ psk: key, identity: 'x' }),
    checkServerIdentity: () => undefined,
  })
  closing.push(() => {
    client.destroy()
    server.close()
  })
  const connect: Connect = async (path, headers) => {
    const stream = client.request({ ':path': path, ...headers })
    const [head] = (await once(stream, 'response')) as [http2.IncomingHttpHeaders]
    expect(head[':status']).toBe(200)
    return new Reading(stream, () => stream.close(http2.constants.NGHTTP2_CANCEL))
  }
  expect(await missedOver(connect)).toEqual(['two'])
})

test('a server that is told to go tells its clients when to come back, and goes', async () => {
  const snippet = new URL('../docs/hosts/shut-down.ts', import.meta.url)
  const server = fork(snippet, {
    execArgv: ['--conditions=millrace-source', '--no-warnings'],
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  closing.push(() => server.kill('SIGKILL'))
  const gone = once(server, 'exit')
  const [line] = (await once(server.stdout as Readable, 'data')) as [Buffer]
  const reading = await overHttp(line.toString().trim())('', {})
  await reading.until('\n\n')
  server.kill('SIGTERM')
  expect(await reading.rest()).toMatch(/^: connected\n\n[^]*retry: 1000\n\n$/)
  server.disconnect()
  expect(await gone).toEqual([0, null])
})

// The last one: the events are closed behind it.
test('Fastify, which ends the streams when it is told to close', async () => {
  const connect = overHttp(await fastifyApp.listen({ port: 0, host: 'localhost' }))
  expect(await missedOver(connect)).toEqual(['two'])
  const reading = await connect('/events', {})
  await fastifyApp.close()
  expect(await reading.rest()).toMatch(/^: connected\n\n/)
})

/** An app whose first middleware is made as the package `compression` is. */
function compressing(): { app: express.Express; gzips: Gzip[] } {
  const gzips: Gzip[] = []
  const app = express()
  app.use((_, response, next) => {
    const write = response.write.bind(response)
    const end = response.end.bind(response)
    const writeHead = response.writeHead.bind(response)
    let gzip: Gzip | undefined
    Object.assign(response, {
      flush: () => gzip?.flush(),
      write: (bytes: Uint8Array) => (gzip ? gzip.write(bytes) : write(bytes)),
      end: () => (gzip ? gzip.end() : end()),
      writeHead: (status: number) => {
        if (!String(response.getHeader('cache-control')).includes('no-transform')) {
          gzips.push((gzip = createGzip()))
          gzip.on('data', (bytes: Buffer) => write(bytes))
          gzip.on('end', () => end())
          response.setHeader('content-encoding', 'gzip')
        }
        return writeHead(status)
      },
    })
    next()
  })
  return { app, gzips }
}
