import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Answer, Order } from '../environment/abused-server.ts'
import { rounds } from '../environment/rounds.ts'
import { until } from '../environment/until.ts'
import { Reader } from './reader.test.support.ts'

// Of each kind: half-open, slow, churning.
const CLIENTS = rounds(50, 3_334)
const EVENTS = rounds(200, 1_000)
// Who asks for a replay, and how much that is: more than the kernel takes for a connection.
const STUCK = rounds(20, 200)
const ARCHIVED = 500
const ARCHIVED_SIZE = 16 * 1_024

let server: ChildProcess
let port: number
const sockets = new Set<Socket>()

beforeAll(async () => {
  const file = fileURLToPath(new URL('../environment/abused-server.ts', import.meta.url))
  server = fork(file, { execArgv: ['--conditions=millrace-source'] })
  const [answer] = (await once(server, 'message')) as [Answer]
  ;({ port } = answer)
})
afterAll(() => {
  for (const socket of sockets) socket.destroy()
  server.disconnect()
})

async function tell(order: Order): Promise<Answer> {
  const answered = once(server, 'message') as Promise<[Answer]>
  server.send(order)
  const [answer] = await answered
  return answer
}

async function measured(): Promise<Answer> {
  return tell({ what: 'measure' })
}

/** A connection that says so much, and reads nothing. */
async function dial(text: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  sockets.add(socket)
  socket.on('error', () => {})
  socket.on('close', () => sockets.delete(socket))
  socket.pause()
  await once(socket, 'connect')
  socket.write(text)
  return socket
}

const request = (path: string, more = ''): string =>
  `GET ${path} HTTP/1.1\r\nhost: localhost\r\n${more}\r\n`

async function crowd(count: number, one: () => Promise<unknown>): Promise<void> {
  for (let done = 0; done < count; done += 100) {
    await Promise.all(Array.from({ length: Math.min(100, count - done) }, one))
  }
}

const dialHalf = (): Promise<Socket> => dial('GET /?channel=news HTTP/1.1\r\nhost: loc')
const dialSlow = (): Promise<Socket> => dial(request('/?channel=news'))
async function comeAndGo(): Promise<void> {
  const socket = await dialSlow()
  socket.resume()
  await once(socket, 'data')
  socket.destroy()
}

/** Publishes, at the pace of who reads. */
async function publishTo(reader: Reader): Promise<void> {
  for (let from = 0; from < EVENTS; from += 10) {
    await tell({ what: 'publish', channel: 'news', from, to: from + 10, size: 4_096 })
    await until(() => reader.events.length === from + 10)
  }
}

/** How it stands when so many sessions are there. */
async function counted(is: (sessions: number) => boolean): Promise<Answer> {
  while (!is((await tell({ what: 'count' })).sessions));
  return measured()
}

const arrived = (sessions: number): Promise<Answer> => counted((count) => count >= sessions)

/** How it stands when nothing more is taken from it. */
async function atRest(then: Answer): Promise<Answer> {
  const now = await measured()
  return now.delivered === then.delivered ? now : atRest(now)
}

function allGone(): Promise<Answer> {
  for (const socket of sockets) socket.destroy()
  return counted((count) => count === 0)
}

const KB = 1_024
const MB = 1_024 * KB
// What the replay of 16 MiB may weigh, and what a process takes to get warm.
const REPLAY = 24 * MB

/** Bytes by which the server has grown. */
const grown = (before: Answer, after: Answer): number =>
  after.heap + after.buffers - before.heap - before.buffers

test('clients that are half-open, slow or never stay cost little, and who reads hears all', async () => {
  const reader = await Reader.open(`http://127.0.0.1:${port}/?channel=news`)
  await until(() => reader.text !== '')
  const before = await measured()
  await crowd(CLIENTS, dialHalf)
  await crowd(CLIENTS, dialSlow)
  const connected = await arrived(CLIENTS + 1)
  expect(grown(before, connected) / CLIENTS).toBeLessThan(64 * KB)
  await Promise.all([publishTo(reader), crowd(CLIENTS, comeAndGo)])
  // What the slow ones have not read they share.
  expect(grown(before, await measured())).toBeLessThan(CLIENTS * 64 * KB + REPLAY)
  expect(reader.data.map((data) => Number.parseInt(data, 10))).toEqual([...Array(EVENTS).keys()])
  await reader.leave()
  expect(grown(before, await allGone())).toBeLessThan(REPLAY)
})

test('clients that ask for all there is to be replayed, and read none of it, cost little', async () => {
  await tell({ what: 'publish', channel: 'archive', from: 0, to: ARCHIVED, size: ARCHIVED_SIZE })
  const before = await measured()
  const resume = request('/?channel=archive', 'last-event-id: e-1\r\n')
  await crowd(STUCK, () => dial(resume))
  const stuck = await atRest(await arrived(STUCK))
  const written = stuck.delivered - before.delivered
  expect(written).toBeGreaterThan(0)
  expect(written).toBeLessThan(STUCK * ARCHIVED)
  expect(grown(before, stuck) / STUCK).toBeLessThan(128 * KB)
  expect(grown(before, await allGone())).toBeLessThan(2 * MB)
})

test('names of channels are forgotten, published to or listened to', async () => {
  const before = await measured()
  await tell({ what: 'name', count: rounds(10_000, 1_000_000) })
  const named = await measured()
  expect(grown(before, named)).toBeLessThan(REPLAY)
  let name = 0
  const ask = (): Promise<Socket> => {
    const query = Array.from({ length: 100 }, () => `channel=${(name += 1)}`).join('&')
    return dial(request(`/?${query}`))
  }
  await crowd(CLIENTS, ask)
  const asked = await arrived(CLIENTS)
  expect(grown(named, asked) / CLIENTS).toBeLessThan(96 * KB)
  expect(grown(named, await allGone())).toBeLessThan(8 * MB)
})
