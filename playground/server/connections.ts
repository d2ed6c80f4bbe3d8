import type { ServerResponse } from 'node:http'
import type { ServerStatus } from '../wire/server-status.ts'

/** The open responses of a route by their URL, counted in the HTTP layer: what a server really sees of its clients. */
export class Connections {
  readonly #open = new Map<string, Set<ServerResponse>>()

  add(url: string, response: ServerResponse): void {
    const same = this.#open.get(url) ?? new Set()
    this.#open.set(url, same.add(response))
    response.on('close', () => {
      same.delete(response)
      if (same.size === 0 && this.#open.get(url) === same) this.#open.delete(url)
    })
  }

  counts(): ServerStatus['connections'] {
    return [...this.#open].map(([url, responses]) => ({ url, open: responses.size }))
  }

  /** Breaks every connection off in mid-stream, as a failing network would. */
  drop(): void {
    for (const responses of this.#open.values()) {
      for (const response of responses) response.socket?.destroy()
    }
  }
}
