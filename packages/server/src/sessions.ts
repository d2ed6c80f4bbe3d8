import { covers, parseChannel } from './channel.ts'
import type { ServerEvent } from './encode.ts'
import type { Session } from './session.ts'

/**
 * The live sessions; `size` is presence.
 *
 * @example
 * events.sessions.send('user-7', { data: 'to every tab of this user' })
 */
export interface Sessions<Data = unknown> extends Iterable<Session<Data>> {
  /** How many are open. */
  readonly size: number
  /** The session of that id. */
  readonly get: (id: string) => Session<Data> | undefined
  /** All sessions of a client, in the order in which they came. */
  readonly find: (clientId: string) => readonly Session<Data>[]
  /** All who hear what is published to a channel, in the order in which they came: who is present there. */
  readonly hearing: (channel: string) => readonly Session<Data>[]
  /** Sends to all sessions of a client; tells how many they are. */
  readonly send: (clientId: string, event: ServerEvent) => number
}

/** The register behind `Sessions`. */
export class SessionRegister<Data, Live extends Session<Data>> implements Sessions<Data> {
  readonly #byId = new Map<string, Live>()
  readonly #byClient = new Map<string, Set<Live>>()

  get size(): number {
    return this.#byId.size
  }

  [Symbol.iterator](): IterableIterator<Live> {
    return this.#byId.values()
  }

  readonly get = (id: string): Live | undefined => this.#byId.get(id)

  readonly find = (clientId: string): readonly Live[] => [...(this.#byClient.get(clientId) ?? [])]

  readonly hearing = (channel: string): readonly Live[] => {
    const name = parseChannel(channel)
    return [...this].filter(({ channels }) => channels.some((own) => covers(own, name)))
  }

  readonly send = (clientId: string, event: ServerEvent): number => {
    const sessions = this.find(clientId)
    for (const session of sessions) session.send(event)
    return sessions.length
  }

  /** How many sessions a client has. */
  countOf(clientId: string | undefined): number {
    return clientId === undefined ? 0 : (this.#byClient.get(clientId)?.size ?? 0)
  }

  add(session: Live): void {
    this.#byId.set(session.id, session)
    if (session.clientId === undefined) return
    const mates = this.#byClient.get(session.clientId)
    if (mates) mates.add(session)
    else this.#byClient.set(session.clientId, new Set([session]))
  }

  delete(session: Live): void {
    this.#byId.delete(session.id)
    if (session.clientId === undefined) return
    const mates = this.#byClient.get(session.clientId)
    mates?.delete(session)
    if (mates?.size === 0) this.#byClient.delete(session.clientId)
  }
}
