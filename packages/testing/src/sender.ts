import type { EventServer, ServerEvent } from '@millrace/server'
import type { Connection } from './connection.ts'
import type { Delivery } from './delivery.ts'
import { hearersOf, nobodyConnected } from './presence.ts'
import type { Whereabouts } from './presence.ts'
import type { Retirement } from './retirement.ts'
import { turn } from './turn.ts'

/** How something is sent. */
export interface SendOptions {
  /** Whether there may be nobody to get it. Defaults to `false`; to `true` for events, where replay keeps them. */
  readonly allowNone?: boolean
}

/** What a sender is made with. */
export interface SenderParts {
  readonly where: Whereabouts
  readonly engine: Pick<EventServer, 'publish' | 'broadcast'>
  readonly delivery: Delivery
  readonly retirement: Retirement
  /** Whether events are kept for those who come later. */
  readonly keeps: boolean
}

/** Takes things to clients, and sees that there are some. */
export class Sender {
  readonly #parts: SenderParts

  constructor(parts: SenderParts) {
    this.#parts = parts
  }

  /** An event through the engine: to a channel, or to everyone. */
  send(event: ServerEvent, options: SendOptions = {}, channel?: string): Promise<void> {
    const { delivery, where, engine, retirement, keeps } = this.#parts
    return delivery.run(async () => {
      const hearers = hearersOf(where, channel)
      const { allowNone = keeps } = options
      if (hearers.length === 0 && !allowNone) throw nobodyConnected('send', where, channel)
      const sent = channel === undefined ? engine.broadcast(event) : engine.publish(channel, event)
      where.log.add({ kind: 'sent', event, channel, clients: numbersOf(hearers) })
      const { id } = await sent
      if (event.id === undefined) retirement.noteId(id)
    })
  }

  /** Bytes past the engine, a network chunk each. */
  write(chunks: readonly (string | Uint8Array)[], options: SendOptions = {}): Promise<void> {
    const { delivery, where } = this.#parts
    return delivery.run(async () => {
      const { connections } = where.mount
      if (connections.length === 0 && !options.allowNone) throw nobodyConnected('send', where)
      for (const chunk of chunks) {
        const bytes = typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk
        where.log.add({ kind: 'wrote', bytes, clients: numbersOf(connections) })
        for (const connection of connections) connection.write(bytes)
        // In Node, the chunks of one turn reach the client as one.
        // oxlint-disable-next-line no-await-in-loop -- chunks keep their order
        await turn()
      }
    })
  }

  /** Does something to every stream. */
  toAll(what: 'drop' | 'end'): Promise<void> {
    const { delivery, where } = this.#parts
    return delivery.run(() => {
      const { connections } = where.mount
      if (connections.length === 0) throw nobodyConnected(what, where)
      for (const connection of connections) connection[what]()
    })
  }
}

function numbersOf(connections: readonly Connection[]): readonly number[] {
  return connections.map(({ number }) => number)
}
