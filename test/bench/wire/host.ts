import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { scripted, wireOf, type Script, type ScriptedEvent } from './fixture.ts'
import { requestOf, type StreamRequest } from './stream.ts'

// A process of its own: it sends streams, and the files of a page that reads them.

/** By path. */
export type Files = Readonly<Record<string, { readonly type: string; readonly text: string }>>

const CHUNK = 65_536
/** So many events are made once; more of them are made as they are sent. */
const KEPT = 100_000
const kept = new Map<string, readonly Buffer[]>()
const waiting = new Int32Array(new SharedArrayBuffer(4))
let files: Files = {}

function* chunksOf(events: Iterable<ScriptedEvent>): Generator<Buffer> {
  let text = ''
  for (const event of events) {
    text += wireOf(event)
    if (text.length < CHUNK) continue
    yield Buffer.from(text)
    text = ''
  }
  yield Buffer.from(text)
}

function keptChunks(script: Script): readonly Buffer[] {
  const key = JSON.stringify([script.events, script.types, script.seed])
  const known = kept.get(key)
  if (known !== undefined) return known
  const chunks = [...chunksOf(scripted(script))]
  kept.set(key, chunks)
  return chunks
}

async function burst(response: ServerResponse, request: StreamRequest): Promise<void> {
  for (const chunk of request.events > KEPT ? chunksOf(scripted(request)) : keptChunks(request)) {
    if (response.destroyed) return
    if (response.write(chunk)) continue
    // oxlint-disable-next-line no-await-in-loop -- at the pace of the socket
    await new Promise((resolve) => response.once('drain', resolve).once('close', resolve))
  }
}

/** Timers are too coarse for it, and a process that never sleeps would take the machine from who is measured. */
async function paced(response: ServerResponse, request: StreamRequest): Promise<void> {
  const start = performance.now()
  let sent = 0
  for (const event of scripted(request)) {
    if (response.destroyed) return
    const due = start + (sent * 1_000) / request.rate
    for (let left = due - performance.now(); left > 0; left = due - performance.now()) {
      Atomics.wait(waiting, 0, 0, Math.min(left, 2))
      // oxlint-disable-next-line no-await-in-loop -- what has come meanwhile is heard
      await new Promise((resolve) => setImmediate(resolve))
    }
    response.write(wireOf(event))
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
