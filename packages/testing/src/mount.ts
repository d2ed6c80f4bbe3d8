import { createEventServer, localProvider, systemClock } from '@millrace/server'
import type {
  Authorize,
  DisconnectReason,
  EventServer,
  EventServerOptions,
  Provider,
  Session,
} from '@millrace/server'
import { whileAnswering } from './activity.ts'
import { refuse } from './behaviour.ts'
import type { Behaviour } from './behaviour.ts'
import { Connection } from './connection.ts'
import type { ClosedReason, Log } from './log.ts'
import type { Retirement } from './retirement.ts'

/** What a mount is made with. */
export interface MountParts<Data> {
  readonly options: EventServerOptions<Data>
  readonly log: Log
  readonly retirement: Retirement
}

/** How the answers of a mount travel. */
export interface Carrier {
  readonly emptyStart: boolean
  /** More response headers for a stream. */
  readonly headers: Readonly<Record<string, string>>
}

/** Stands before the real engine: numbers requests, meets them as the test says, and keeps who is connected. */
export class Mount<Data> {
  readonly engine: EventServer<Data>
  readonly #parts: MountParts<Data>
  readonly #connections = new Map<Session, Connection>()
  readonly #sessions = new WeakMap<Request, Session>()
  readonly #numbers = new WeakMap<object, number>()
  readonly #lenient: boolean
  readonly #provider: Provider
  #behaviour: Behaviour = accepting
  #requests = 0

  constructor(parts: MountParts<Data>) {
    const { options } = parts
    this.#parts = parts
    this.#lenient = options.cors === undefined
    const { clock = systemClock, ids = 'auto', epoch = 'fake' } = options
    this.#provider = options.provider ?? localProvider({ now: clock.now, ids, epoch })
    this.engine = createEventServer<Data>({
      provider: this.#provider,
      keepAlive: false,
      ...(this.#lenient && { cors: { origin: () => true, credentials: true } }),
      ...options,
      authorize: this.#authorize,
      onConnect: (session, request) => {
        this.#sessions.set(request, session)
        this.#numbers.set(session, this.#numbers.get(request) ?? 0)
        return options.onConnect?.(session, request)
      },
      onDisconnect: (session, reason) => {
        const cause = this.#connections.get(session)?.cause
        this.#connections.delete(session)
        const client = this.#numbers.get(session) ?? 0
        parts.log.add({ kind: 'closed', client, reason: cause ?? reasons[reason] })
        options.onDisconnect?.(session, reason)
      },
    })
  }

  /** Who is connected now, in the order in which they came. */
  get connections(): readonly Connection[] {
    return [...this.#connections.values()]
  }

  /** Meets the next requests so. */
  meet(behaviour: Behaviour): void {
    this.#behaviour = behaviour
    this.#parts.log.add({ kind: 'told', what: behaviour.kind })
  }

  /** Ends every stream, and lets its client know that there is no more when it comes back. */
  reset(): void {
    const { retirement } = this.#parts
    const farewell = new TextEncoder().encode(retirement.farewell)
    for (const connection of this.connections) {
      // Nothing can follow half an event without finishing it.
      if (connection.isBetweenEvents) connection.write(farewell)
      connection.end()
    }
    retirement.noteId(this.#provider.position())
    retirement.retire()
    this.#moveOn()
    this.#behaviour = accepting
    this.#requests = 0
  }

  // A stream starts at the position of the order: what comes after a reset must not start where others have been.
  #moveOn(): void {
    if (this.#parts.options.provider !== undefined) return
    void this.#provider.publish({ channels: ['millrace-reset'], event: {} })
  }

  /** Answers a request; `undefined` means that the server cannot be reached. */
  answer(request: Request, carrier: Carrier): Promise<Response | undefined> {
    return whileAnswering(async () => {
      const client = (this.#requests += 1)
      const { log } = this.#parts
      const lastEventId = request.headers.get('last-event-id') ?? undefined
      log.add({ kind: 'requested', client, url: request.url, lastEventId })
      if (this.#behaviour.kind === 'unreachable') {
        log.add({ kind: 'failed', client })
        return undefined
      }
      this.#numbers.set(request, client)
      const silent = this.#behaviour.kind === 'stall'
      const response = await this.engine.fetch(request)
      const session = this.#sessions.get(request)
      if (!session || !response.body) {
        log.add({ kind: 'refused', client, status: response.status })
        return response
      }
      log.add({ kind: 'opened', client, channels: session.channels })
      const { emptyStart } = carrier
      const answer = response.body
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
      return new Response(connection.body, { status: response.status, headers })
    })
  }

  /** Answers a preflight: whatever is asked is allowed, unless the test has its own `cors`. */
  async preflight(request: Request): Promise<Response | undefined> {
    if (this.#behaviour.kind === 'unreachable') return undefined
    if (!this.#lenient) return this.engine.fetch(request)
    const asked = (name: string): string => request.headers.get(name) ?? ''
    return new Response(null, {
      status: 204,
      headers: {
        'access-control-allow-origin': asked('origin') || '*',
        'access-control-allow-credentials': 'true',
        'access-control-allow-methods': asked('access-control-request-method') || 'GET',
        'access-control-allow-headers': asked('access-control-request-headers'),
      },
    })
  }

  // A refusal is the engine's own, so that it carries the headers that its refusals carry.
  readonly #authorize: Authorize<Data> = (request) => {
    const { options, retirement } = this.#parts
    if (retirement.has(cursorOf(request, options.lastEventIdParam))) return refuse({ status: 204 })
    if (this.#behaviour.kind === 'refuse') return refuse(this.#behaviour.refusal)
    return options.authorize?.(request) ?? {}
  }
}

const accepting: Behaviour = { kind: 'accept' }

const reasons: Readonly<Record<DisconnectReason, ClosedReason>> = {
  client: 'client',
  server: 'ended',
  shutdown: 'ended',
  slow: 'broken',
  error: 'broken',
}

function cursorOf(request: Request, param = 'lastEventId'): string | undefined {
  const header = request.headers.get('last-event-id')
  return header ?? new URL(request.url).searchParams.get(param) ?? undefined
}
