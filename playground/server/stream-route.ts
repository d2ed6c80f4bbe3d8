import type { IncomingMessage, ServerResponse } from 'node:http'
import type { EventServer } from '@millrace/server'
import { toNodeHandler, type NodeHandler } from '@millrace/server/node'
import type { Fault, ServerStatus } from '../wire/server-status.ts'
import { Connections } from './connections.ts'
import { answerJson, answerText, pathnameOf, type Route } from './route.ts'

interface StreamRouteOptions {
  /** Below it are `/events`, `/status` and `/faults/…`. */
  readonly path: string
  readonly events: EventServer
  /** How many events were published. */
  readonly published: () => number
}

/** A stream over HTTP, with buttons that break it and mend it, and a word on how it stands. */
export class StreamRoute implements Route {
  readonly #options: StreamRouteOptions
  readonly #connections = new Connections()
  readonly #stream: NodeHandler
  #answering = true

  constructor(options: StreamRouteOptions) {
    this.#options = options
    this.#stream = toNodeHandler(options.events)
  }

  readonly handle = (request: IncomingMessage, response: ServerResponse): boolean => {
    const pathname = pathnameOf(request)
    const { path } = this.#options
    if (!pathname.startsWith(`${path}/`)) return false
    const what = pathname.slice(path.length + 1)
    const fault = /^faults\/(stop|drop|restore)$/.exec(what)?.[1] as Fault | undefined
    if (what === 'events') this.#open(request, response)
    else if (what === 'status' && request.method === 'GET') answerJson(response, this.#status())
    else if (fault !== undefined && request.method === 'POST') {
      this.#inflict(fault)
      answerJson(response, this.#status())
    } else return false
    return true
  }

  #open(request: IncomingMessage, response: ServerResponse): void {
    if (this.#answering) {
      this.#connections.add(request.url ?? '', response)
      this.#stream(request, response)
    } else {
      answerText(response, 503, 'Cannot open the stream: it was stopped. Bring it back.')
    }
  }

  #inflict(fault: Fault): void {
    this.#answering = fault === 'drop' ? this.#answering : fault === 'restore'
    if (fault !== 'restore') this.#connections.drop()
  }

  #status(): ServerStatus {
    return {
      answering: this.#answering,
      connections: this.#connections.counts(),
      published: this.#options.published(),
    }
  }
}
