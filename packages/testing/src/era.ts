import { cursorOf } from '@millrace/server'
import type { Authorize, DisconnectReason, ServerEvent, Session } from '@millrace/server'
import { noteStranger } from './activity.ts'
import type { Unawaited } from './activity.ts'
import { refuse } from './behaviour.ts'
import type { Behaviour, Refusal } from './behaviour.ts'
import type { Storm } from './chaos/chaos.ts'
import { Echo } from './chaos/echo.ts'
import { turns } from './chaos/lane.ts'
import { Connection } from './connection.ts'
import { Door } from './door.ts'
import type { Visit } from './door.ts'
import { Engine } from './engine.ts'
import type { EngineOptions } from './engine.ts'
import type { Epoch } from './epoch.ts'
import { Log } from './log.ts'
import type { ClosedReason } from './log.ts'
import type { FarSide } from './wire.ts'

/** How the answers of a fake travel. */
export interface Carrier {
  readonly emptyStart: boolean
  /** More response headers for a stream. */
  readonly headers: Readonly<Record<string, string>>
  /** The client's side, where it has to tell. */
  readonly far?: FarSide
  /** Whether it had to tell, and cannot. */
  readonly isStranger?: boolean
}

/** When they asked first whom one can tell by more than their cursor: between which two resets. */
export type Past = WeakMap<FarSide, Epoch>

/** What lives from one reset to the next: a real engine, who is connected to it, and the log of both. */
export class Era<Data> {
  readonly engine: Engine<Data>
  readonly log: Log = new Log()
  readonly door: Door = new Door(this.log)
  /** What goes wrong by chance, while something does. */
  storm: Storm | undefined
  readonly #options: EngineOptions<Data>
  readonly #epoch: Epoch
  readonly #past: Past
  readonly #echo: Echo
  readonly #connections = new Map<Session, Connection>()
  readonly #numbers = new WeakMap<object, number>()
  readonly #refusals = new WeakMap<Request, Refusal>()
  #requests = 0
  #chosen: ServerEvent | null = null

  constructor(options: EngineOptions<Data>, epoch: Epoch, past: Past) {
    const { beforeSend, lastEventIdParam } = options
    this.#options = options
    this.#epoch = epoch
    this.#past = past
    this.#echo = new Echo(lastEventIdParam)
    this.engine = new Engine<Data>({
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
    const { server } = this.engine
    const sent = channel === undefined ? server.broadcast(event) : server.publish(channel, event)
    const chosen = this.#chosen
    await sent
    return chosen
  }

  /** Answers a request; `undefined` means that the server cannot be reached. */
  async answer(
    request: Request,
    carrier: Carrier,
    unawaited: Unawaited,
  ): Promise<Response | undefined> {
    const client = (this.#requests += 1)
    this.#numbers.set(request, client)
    const lastEventId = this.#cursorOf(request)
    this.log.add({ kind: 'requested', client, url: request.url, lastEventId })
    const behaviour = this.#isOfBefore(lastEventId, carrier.far)
      ? noMore
      : await this.#meet({ request, client, unawaited })
    if (!behaviour) return undefined
    if (behaviour.kind === 'unreachable') {
      this.log.add({ kind: 'failed', client })
      return undefined
    }
    if (behaviour.kind === 'refuse') this.#refusals.set(request, behaviour.refusal)
    const { response, session } = await this.engine.answer(request)
    if (!session || !response.body) {
      this.log.add({ kind: 'refused', client, status: response.status })
      return response
    }
    const connection = this.#connect(request, session, { answer: response.body, carrier })
    if (behaviour.kind === 'stall') connection.stall()
    const headers = new Headers(response.headers)
    for (const [name, value] of Object.entries(carrier.headers)) headers.set(name, value)
    return new Response(connection.body, { status: response.status, headers })
  }

  /** Ends every stream for good: who comes back from here is let in nowhere. */
  end(): void {
    this.storm = undefined
    const { farewell } = this.#epoch
    for (const connection of this.connections) {
      // Nothing can follow half an event without finishing it.
      if (connection.isBetweenEvents) connection.write(farewell)
      connection.end()
    }
    // Whom `authorize` still thinks about finds it closed, and who waits for an answer, too.
    void this.engine.server.close()
    this.door.plan.clear()
    this.door.release()
  }

  // One from before a reset uses up nothing that was told since.
  #isOfBefore(cursor: string | undefined, far: FarSide | undefined): boolean {
    if (this.#epoch.retires(cursor)) return true
    if (!far) return false
    const met = this.#past.get(far) ?? this.#epoch
    this.#past.set(far, met)
    return met !== this.#epoch
  }

  async #meet(visit: Omit<Visit, 'fortune'>): Promise<Behaviour | undefined> {
    const fortune = this.storm?.meet(visit.client)
    if (fortune) await turns(fortune.late)
    try {
      return await this.door.meet({ ...visit, fortune })
    } catch (error) {
      // The `when` of a test has thrown: its client is told, and waits for nothing.
      this.log.add({ kind: 'failed', client: visit.client })
      throw error
    }
  }

  #connect(request: Request, session: Session<Data>, { answer, carrier }: Answered): Connection {
    const number = this.#numbers.get(request) ?? 0
    const memory = this.#echo.of(request, session)
    const connection = new Connection({
      number,
      request,
      session,
      answer,
      emptyStart: carrier.emptyStart,
      far: carrier.far,
      fateOf: (bytes) => {
        if (!this.storm) return undefined
        memory.note(bytes)
        return this.storm.meet(number).fateOf(bytes)
      },
    })
    if (!session.closed) this.#connections.set(session, connection)
    if (carrier.isStranger && !session.closed) noteStranger(connection, true)
    const cursor = this.#cursorOf(request)
    const repeats = this.storm?.meet(number).repeats ?? 0
    if (cursor !== undefined) connection.write(memory.before(cursor, repeats))
    return connection
  }

  #open(session: Session<Data>, request: Request): void {
    const client = this.#numbers.get(request) ?? 0
    this.#numbers.set(session, client)
    this.log.add({ kind: 'opened', client, channels: session.channels })
    // Its replay could not be written.
    if (session.closed) this.#close(session, 'broken')
  }

  #close(session: Session<Data>, reason: ClosedReason): void {
    const connection = this.#connections.get(session)
    if (connection) noteStranger(connection, false)
    this.#connections.delete(session)
    const client = this.#numbers.get(session)
    if (client !== undefined) this.log.add({ kind: 'closed', client, reason })
  }

  #cursorOf(request: Request): string | undefined {
    return cursorOf(request, this.#options.lastEventIdParam)
  }

  // A refusal is the engine's own, so that it carries the headers that its refusals carry.
  readonly #authorize: Authorize<Data> = (request) => {
    const refusal = this.#refusals.get(request)
    if (refusal) return refuse(refusal)
    return this.#options.authorize?.(request) ?? {}
  }
}

const noMore: Behaviour = { kind: 'refuse', refusal: { status: 204 } }

interface Answered {
  readonly answer: ReadableStream<Uint8Array>
  readonly carrier: Carrier
}

const reasons: Readonly<Record<DisconnectReason, ClosedReason>> = {
  client: 'client',
  server: 'ended',
  shutdown: 'ended',
  slow: 'broken',
  error: 'broken',
}
