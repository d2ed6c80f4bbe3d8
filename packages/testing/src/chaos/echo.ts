import type { Session } from '@millrace/server'

const KEPT = 100

interface Told {
  readonly id: string
  readonly block: string
}

/** What one kind of listener was sent. */
export interface Memory {
  /** Remembers the events of a write that have an id and data. */
  readonly note: (bytes: Uint8Array) => void
  /** The last so many events up to the one with this id, as they were. */
  readonly before: (id: string, count: number) => Uint8Array
}

/** Remembers what was sent, to send some of it again: what a server does that is not sure who has what. */
export class Echo {
  readonly #param: string
  readonly #told = new Map<string, Told[]>()

  constructor(lastEventIdParam = 'lastEventId') {
    this.#param = lastEventIdParam
  }

  /** What those were sent who ask for the same and are the same. */
  of(request: Request, { clientId, channels }: Session): Memory {
    const url = new URL(request.url)
    url.searchParams.delete(this.#param)
    const name = JSON.stringify([url.href, clientId, channels])
    const told = this.#told.get(name) ?? []
    this.#told.set(name, told)
    return {
      note: (bytes) => {
        for (const block of new TextDecoder().decode(bytes).split(/(?<=\n\n)/)) {
          const [, id] = /^id: (.+)$/m.exec(block) ?? []
          if (id === undefined || !/^data:/m.test(block)) continue
          // What is sent again is told once.
          if (!told.some((one) => one.block === block)) told.push({ id, block })
        }
        told.splice(0, told.length - KEPT)
      },
      before: (id, count) => {
        if (count === 0) return new Uint8Array(0)
        const at = told.findLastIndex((one) => one.id === id)
        const last = told.slice(Math.max(0, at + 1 - count), at + 1)
        return new TextEncoder().encode(last.map(({ block }) => block).join(''))
      },
    }
  }
}
