import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { scripted, wireOf, type Script } from './fixture.ts'
import { requestOf, type StreamRequest } from './stream.ts'

// A process of its own: it sends streams, and the files of a page that reads them.

/** By path. */
export type Files = Readonly<Record<string, { readonly type: string; readonly text: string }>>

const CHUNK = 65_536
const scripts = new Map<string, readonly string[]>()
const waiting = new Int32Array(new SharedArrayBuffer(4))
let files: Files = {}

function eventsOf({ events, types, seed }: Script): readonly string[] {
  const key = JSON.stringify([events, types, seed])
  const known = scripts.get(key)
  if (known !== undefined) return known
  const made = Array.from(scripted({ events, types, seed }), wireOf)
  scripts.set(key, made)
  return made
}

async function burst(response: ServerResponse, request: StreamRequest): Promise<void> {
  const bytes = Buffer.from(eventsOf(request).join(''))
  for (let time = 0; time < request.times; time += 1) {
    for (let at = 0; at < bytes.length; at += CHUNK) {
      if (response.destroyed) return
      if (response.write(bytes.subarray(at, at + CHUNK))) continue
      // oxlint-disable-next-line no-await-in-loop -- at the pace of the socket
      await new Promise((resolve) => response.once('drain', resolve).once('close', resolve))
    }
  }
}

/** Timers are too coarse for it, and a process that never sleeps would take the machine from who is measured. */
async function paced(response: ServerResponse, request: StreamRequest): Promise<void> {
  const start = performance.now()
  let sent = 0
  for (const event of eventsOf(request)) {
    if (response.destroyed) return
    const due = start + (sent * 1_000) / request.rate
    for (let left = due - performance.now(); left > 0; left = due - performance.now()) {
      Atomics.wait(waiting, 0, 0, Math.min(left, 2))
      // oxlint-disable-next-line no-await-in-loop -- what has come meanwhile is heard
      await new Promise((resolve) => setImmediate(resolve))
    }
    response.write(event)
    sent += 1
    // oxlint-disable-next-line no-await-in-loop -- a chunk of its own
    await new Promise((resolve) => setImmediate(resolve))
  }
}

const server = createServer((request, response) => {
  const path = request.url ?? '/'
  const file = files[path.replace(/\?.*/, '')]
  if (file !== undefined) {
    response.writeHead(200, { 'content-type': file.type }).end(file.text)
    return
  }
  if (!path.startsWith('/stream')) {
    response.writeHead(404).end()
    return
  }
  // It stays open at its end: whoever has all of it closes it.
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  response.flushHeaders()
  response.socket?.setNoDelay(true)
  const asked = requestOf(path)
  void (asked.rate === 0 ? burst(response, asked) : paced(response, asked))
})

process.on('message', (message) => {
  files = message as Files
  server.listen(0, '127.0.0.1', () => {
    process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  })
})
process.on('disconnect', () => process.exit())
