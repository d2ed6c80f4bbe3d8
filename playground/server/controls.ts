import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Fault, ServerStatus } from '../wire.ts'
import type { Connections } from './connections.ts'

/** Breaks the stream in the ways that networks and servers do, and says how it stands. */
export class Controls {
  readonly #connections: Connections
  readonly #published: () => number
  #answering = true

  constructor(connections: Connections, published: () => number) {
    this.#connections = connections
    this.#published = published
  }

  /** Whether requests for the stream are answered. */
  get answering(): boolean {
    return this.#answering
  }

  /** Answers `/api/…`; whether the request was one of its own. */
  handle(request: IncomingMessage, response: ServerResponse): boolean {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    if (!pathname.startsWith('/api/')) return false
    const fault = /^\/api\/faults\/(stop|drop|restore)$/.exec(pathname)?.[1] as Fault | undefined
    if (fault !== undefined && request.method === 'POST') this.#inflict(fault)
    else if (pathname !== '/api/status' || request.method !== 'GET') {
      response.writeHead(404).end('Cannot answer: there is nothing of that name.\n')
      return true
    }
    response
      .writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' })
      .end(JSON.stringify(this.#status()))
    return true
  }

  #inflict(fault: Fault): void {
    this.#answering = fault === 'drop' ? this.#answering : fault === 'restore'
    if (fault !== 'restore') this.#connections.drop()
  }

  #status(): ServerStatus {
    return {
      answering: this.#answering,
      connections: this.#connections.counts(),
      published: this.#published(),
    }
  }
}
