import { encodeEvent } from '@millrace/server'
import type { ServerEvent } from '@millrace/server'
import { optionsOf } from './argument.ts'
import { barrier } from './barrier.ts'
import type { Connection } from './connection.ts'
import type { Delivery } from './delivery.ts'
import { HarnessError } from './error.ts'
import { bytesOf, checkComment, checkEvent } from './payload.ts'
import { hearersOf, nobodyConnected } from './presence.ts'
import type { Whereabouts } from './presence.ts'
import { hasImmediates, turn } from './turn.ts'

/**
 * How something is sent.
 *
 * @example
 * await events.send({ data: 'hello' }, { allowNone: true })
 */
export interface SendOptions {
  /** Whether there may be nobody to get it. Defaults to `false`; to `true` for events, where replay keeps them. */
  readonly allowNone?: boolean
}

/** What a sender is made with. */
export interface SenderParts {
  readonly where: Whereabouts
  /** Takes an event to a channel or to everyone; resolves to what was sent, `null` where it was dropped. */
  readonly publish: (event: ServerEvent, channel: string | undefined) => Promise<ServerEvent | null>
  readonly delivery: Delivery
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
    const { delivery, where, publish, keeps } = this.#parts
    return delivery.run(async () => {
      checkEvent(event)
      const { allowNone = keeps } = optionsOf('send', options, EXAMPLE)
      const hearers = hearersOf(where, channel)
      if (hearers.length === 0 && !allowNone) throw nobodyConnected('send', where, channel)
      const listening = listeningOf(hearers)
      const sent = await publish(event, channel)
      if (!sent) return
      where.mount.log.add({ kind: 'sent', event: sent, channel, clients: numbersOf(listening) })
    })
  }

  /** An event to one client alone; nothing if it has gone. */
  sendTo(connection: Connection, event: ServerEvent): Promise<void> {
    const { delivery, where } = this.#parts
    return delivery.run(() => {
      checkEvent(event)
      if (connection.session.closed) return
      const clients = numbersOf(listeningOf([connection]))
      connection.session.send(event)
      where.mount.log.add({ kind: 'sent', event, channel: undefined, clients })
    })
  }

  /** A comment past the engine, to those who are not stalled: of one client, or of all. */
  comment(text: string, options: WriteOptions = {}): Promise<void> {
    const block = (): string => encodeEvent({ comment: checkComment(text) })
    return this.#write(() => bytesOf([block()]), listeningOf, options)
  }

  /** Bytes past the engine, a network chunk each: to one client, or to all. */
  write(chunks: readonly (string | Uint8Array)[], options: WriteOptions = {}): Promise<void> {
    return this.#write(
      () => bytesOf(chunks),
      (connections) => connections,
      options,
    )
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

  #write(
    chunksOf: () => readonly Uint8Array[],
    readersOf: (connections: readonly Connection[]) => readonly Connection[],
    options: WriteOptions,
  ): Promise<void> {
    const { delivery, where } = this.#parts
    return delivery.run(async () => {
      const chunks = chunksOf()
      const { to, allowNone = to !== undefined } = optionsOf('send', options, EXAMPLE)
      const { log } = where.mount
      const connections = to ? [to].filter(({ isOver }) => !isOver) : where.mount.connections
      if (connections.length === 0 && !allowNone) throw nobodyConnected('send', where)
      const readers = readersOf(connections)
      for (const bytes of chunks) {
        const present = readers.filter(({ isOver }) => !isOver)
        log.add({ kind: 'wrote', bytes, clients: numbersOf(present) })
        for (const connection of present) connection.write(bytes)
        // oxlint-disable-next-line no-await-in-loop -- chunks keep their order
        await betweenChunks()
      }
    })
  }
}

const EXAMPLE = '{ allowNone: true }'

// In Node, the chunks of one turn reach the client as one; through a Service Worker, those that it has not yet read do.
function betweenChunks(): Promise<void> {
  return hasImmediates ? turn() : barrier.pass()
}

interface WriteOptions extends SendOptions {
  /** One client alone; nothing if it has gone. */
  readonly to?: Connection
}

/** Those whom events reach; throws where one of them would take an event for more of half another. */
function listeningOf(connections: readonly Connection[]): readonly Connection[] {
  const listening = connections.filter(({ silent }) => !silent)
  const torn = listening.find(({ isBetweenEvents }) => !isBetweenEvents)
  if (!torn) return listening
  throw new HarnessError(
    'half-an-event',
    `Cannot send: client ${torn.number} has half an event, and would take this for more of it. Write the rest of it first, or drop or end the stream.`,
  )
}

function numbersOf(connections: readonly Connection[]): readonly number[] {
  return connections.map(({ number }) => number)
}
