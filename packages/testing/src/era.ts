import { createEventServer, cursorOf } from '@millrace/server'
import type {
  Authorize,
  DisconnectReason,
  EventServer,
  EventServerOptions,
  ServerEvent,
  Session,
} from '@millrace/server'
import { refuse } from './behaviour.ts'
import type { Behaviour } from './behaviour.ts'
import { Connection } from './connection.ts'
import type { Epoch } from './epoch.ts'
import { Log } from './log.ts'
import type { ClosedReason } from './log.ts'

/** How the answers of a fake travel. */
export interface Carrier {
  readonly emptyStart: boolean
  /** More response headers for a stream. */
  readonly headers: Readonly<Record<string, string>>
}

/** What lives from one reset to the next: a real engine, who is connected to it, and the log of both. */
export class Era<Data> {
  readonly engine: EventServer<Data>
  readonly log: Log = new Log()
  behaviour: Behaviour = { kind: 'accept' }
  readonly #options: EventServerOptions<Data>
  readonly #epoch: Epoch
  readonly #connections = new Map<Session, Connection>()
  readonly #sessions = new WeakMap<Request, Session>()
  readonly #numbers = new WeakMap<object, number>()
  #requests = 0
  #chosen: ServerEvent | null = null

  constructor(options: EventServerOptions<Data>, epoch: Epoch) {
    this.#options = options
    this.#epoch = epoch
    const { beforeSend } = options
    this.engine = createEventServer<Data>({
      ...options,
      keepAlive: options.keepAlive ?? false,
      cors: options.cors ?? { origin: () => true, credentials: true },
      ...(beforeSend && {
        beforeSend: (event, channels) => (this.#chosen = beforeSend(event, channels)),
      }),
      authorize: this.#authorize,
      onConnect: (session, request) => {
        this.#open(session, request)
        return options.onConnect?.(session, request)
      },
      onDisconnect: (session, reason) => {
        this.#close(session, this.#connections.get(session)?.cause ?? reasons[reason])
        options.onDisconnect?.(session, reason)
      },
    })
  }

  /** Who is connected now, in the order in which they came. */
  get connections(): readonly Connection[] {
    return [...this.#connections.values()]
  }

  /** Sends to a channel or to everyone; resolves to what was sent, `null` where `beforeSend` has dropped it. */
  async publish(event: ServerEvent, channel: string | undefined): Promise<ServerEvent | null> {
    this.#chosen = event
    const { engine } = this
    const sent = channel === undefined ? engine.broadcast(event) : engine.publish(channel, event)
    const chosen = this.#chosen
    await sent
    return chosen
  }

  /** Answers a request; `undefined` means that the server cannot be reached. */
  async answer(request: Request, carrier: Carrier): Promise<Response | undefined> {
    const client = (this.#requests += 1)
    const { log, behaviour } = this
    const lastEventId = cursorOf(request, this.#options.lastEventIdParam)
    log.add({ kind: 'requested', client, url: request.url, lastEventId })
    if (behaviour.kind === 'unreachable') {
      log.add({ kind: 'failed', client })
      return undefined
    }
    this.#numbers.set(request, client)
    const response = await this.engine.fetch(request)
    const session = this.#sessions.get(request)
    const { body: answer, status } = response
    if (!session || !answer) {
      log.add({ kind: 'refused', client, status })
      return response
    }
    const silent = behaviour.kind === 'stall'
    const { emptyStart } = carrier
    const connection = new Connection({
      number: client,
      request,
      session,
      answer,
      silent,
      emptyStart,
    })
    if (!session.closed) this.#connections.set(session, connection)
    const headers = new Headers(response.headers)
    for (const [name, value] of Object.entries(carrier.headers)) headers.set(name, value)
    return new Response(connection.body, { status, headers })
  }

  /** Ends every stream for good: who comes back from here is let in nowhere. */
  end(): void {
    const { farewell } = this.#epoch
    for (const connection of this.connections) {
      // Nothing can follow half an event without finishing it.
      if (connection.isBetweenEvents) connection.write(farewell)
      connection.end()
    }
    // Whom `authorize` still thinks about finds it closed.
    void this.engine.close()
  }

  #open(session: Session<Data>, request: Request): void {
    const client = this.#numbers.get(request) ?? 0
    this.#sessions.set(request, session)
    this.#numbers.set(session, client)
    this.log.add({ kind: 'opened', client, channels: session.channels })
    // Its replay could not be written.
    if (session.closed) this.#close(session, 'broken')
  }

  #close(session: Session<Data>, reason: ClosedReason): void {
    this.#connections.delete(session)
    const client = this.#numbers.get(session)
    if (client !== undefined) this.log.add({ kind: 'closed', client, reason })
  }

  // A refusal is the engine's own, so that it carries the headers that its refusals carry.
  readonly #authorize: Authorize<Data> = (request) => {
    const { lastEventIdParam, authorize } = this.#options
    if (this.#epoch.retires(cursorOf(request, lastEventIdParam))) return refuse({ status: 204 })
    if (this.behaviour.kind === 'refuse') return refuse(this.behaviour.refusal)
    return authorize?.(request) ?? {}
  }
}

const reasons: Readonly<Record<DisconnectReason, ClosedReason>> = {
  client: 'client',
  server: 'ended',
  shutdown: 'ended',
  slow: 'broken',
  error: 'broken',
}
