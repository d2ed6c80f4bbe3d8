/// <reference lib="esnext.disposable" preserve="true" />
import { systemClock } from './clock.ts'
import { createClose } from './closing.ts'
import type { CloseOptions } from './closing.ts'
import { checkEvent, encodeEvent, prepareEvent, snapshotEvent } from './encode.ts'
import type { ServerEvent } from './encode.ts'
import { EventServerError } from './error.ts'
import { FanOut } from './fan-out.ts'
import { createKeepAlive, keepAliveBytes } from './keep-alive.ts'
import type { KeepAlive } from './keep-alive.ts'
import type { LogEntry, Replay } from './log/replay.ts'
import { ResumeDesk } from './log/resume.ts'
import { checkOptions } from './option-rules.ts'
import type { EventServerOptions } from './options.ts'
import { localProvider } from './provider.ts'
import type { Provider, Published } from './provider.ts'
import { Publisher } from './publisher.ts'
import { Reception } from './reception.ts'
import { createReporter, failure } from './reporter.ts'
import type { Reporter } from './reporter.ts'
import type { LiveSession, SessionHost } from './session.ts'
import { SessionRegister } from './sessions.ts'
import type { Sessions } from './sessions.ts'
import { createStats } from './stats.ts'
import type { Stats, Tally } from './stats.ts'

/**
 * An engine of event streams: one `fetch` for the clients, `publish` for everyone else.
 *
 * Its members are functions of their own and may be passed bare.
 *
 * @example
 * Deno.serve(events.fetch)
 */
export interface EventServer<Data = undefined> extends AsyncDisposable {
  /** Answers a request with an event stream, or with a refusal that says why. */
  readonly fetch: (request: Request) => Promise<Response>
  /** To all who hear one of the channels, each once; resolves when the provider has it. */
  readonly publish: (channels: string | readonly string[], event: ServerEvent) => Promise<Published>
  /** To everyone; resolves when the provider has it. */
  readonly broadcast: (event: ServerEvent) => Promise<Published>
  /** The live sessions. */
  readonly sessions: Sessions<Data>
  /** What the server has done so far. */
  readonly stats: Stats
  /**
   * Tells clients when to come back and ends every response, after all that was accepted. A provider or a replay store
   * that does not answer is waited for 5 s; a client that does not read is broken off after 10 s. Closes the provider.
   */
  readonly close: (options?: CloseOptions) => Promise<void>
}

const DEFAULT_MAX_BACKLOG = 1024 * 1024
const DEFAULT_KEEP_ALIVE = 15_000

/**
 * Makes an event server; it runs wherever the Fetch API is.
 *
 * @example
 * const events = createEventServer({ replay: finiteReplay({ count: 1_000 }) })
 * await events.publish('pets/dogs', { event: 'new-dog', data: 'Corgi' })
 */
export function createEventServer<Data = undefined>(
  options: EventServerOptions<Data> = {},
): EventServer<Data> {
  checkOptions({ ...options })
  const { clock = systemClock, maxBacklog = DEFAULT_MAX_BACKLOG } = options
  const reporter = createReporter(options.onError)
  const provider = options.provider ?? localProvider({ ...options, now: clock.now })
  const sessions = new SessionRegister<Data, LiveSession<Data>>()
  const prepare = prepareFor(options)
  const fanOut = fanOutOf(options, reporter)
  const desk = deskOf(options, provider, reporter)
  const keepAlive = keepAliveOf(options, sessions)
  const tally: Tally = { published: 0, delivered: 0, dropped: 0 }
  const host: SessionHost = {
    clock,
    maxBacklog,
    tally,
    send: (session, event) => fanOut.send(session, prepare(event)),
    settle: (session) => fanOut.settle(session),
    ended: (session: LiveSession<Data>, reason) => {
      sessions.delete(session)
      fanOut.leave(session)
      if (sessions.size === 0) keepAlive?.stop()
      reporter.hook('onDisconnect', () => options.onDisconnect?.(session, reason))
    },
  }
  const publisher = new Publisher({ provider, reporter, prepare, beforeSend: options.beforeSend })
  const onOpen = (session: LiveSession<Data>): void => keepAlive?.wake(session)
  const parts = { options, clock, sessions, fanOut, desk, host, reporter, onOpen }
  const reception = new Reception<Data>(parts)

  const deliver = (entry: LogEntry): void => {
    tally.published += 1
    fanOut.deliver(entry)
    desk.put(entry)
  }
  const { interrupted } = reception
  const unsubscribe = provider.subscribe(deliver, { interrupted, failed: reporter.report })

  const close = createClose({
    clock,
    shut: (comeBack) => reception.shut(comeBack),
    settled: () => settled(publisher, provider),
    caughtUp: () => fanOut.caughtUp(),
    sessions,
    release: () => {
      keepAlive?.stop()
      unsubscribe()
      return provider.close()
    },
  })
  return {
    fetch: reception.fetch,
    publish: publisher.publish,
    broadcast: publisher.broadcast,
    sessions,
    stats: createStats({ startedAt: clock.now(), tally, provider, replaySize: () => desk.size }),
    close,
    [Symbol.asyncDispose]: () => close(),
  }
}

// What the provider has accepted, the sessions are to hear before they end; one that is away has nothing to tell.
function settled(publisher: Publisher, provider: Provider): Promise<unknown> | undefined {
  const underWay = publisher.close()
  const { caughtUp, state } = provider
  const there = state === undefined || state.status === 'ready'
  return caughtUp && there ? Promise.resolve(underWay).then(caughtUp) : underWay
}

function prepareFor({
  encode,
  replay,
}: Pick<EventServerOptions, 'encode' | 'replay'>): (event: ServerEvent) => ServerEvent {
  if (!encode) return prepareEvent
  return replay ? snapshotEvent : checkEvent
}

function fanOutOf(
  options: Pick<EventServerOptions, 'labels' | 'encode' | 'onSend' | 'maxBacklog' | 'clock'>,
  reporter: Reporter,
): FanOut {
  const { labels = 'auto', maxBacklog = DEFAULT_MAX_BACKLOG, onSend, clock = systemClock } = options
  return new FanOut({
    labels,
    encode: encoderOf(options),
    now: clock.now,
    maxHeld: maxBacklog,
    onFlush: (flush) => reporter.hook('onSend', () => onSend?.(flush)),
  })
}

function encoderOf({ encode }: Pick<EventServerOptions, 'encode'>): (event: ServerEvent) => string {
  if (!encode) return encodeEvent
  return (event) => {
    try {
      const text: unknown = encode(event)
      if (typeof text === 'string') return text
      throw new TypeError('encode gave no string, at once')
    } catch (cause) {
      throw failure(
        { code: 'encode-failed', what: 'encode an event', remedy: 'Mend encode' },
        cause,
      )
    }
  }
}

function deskOf(
  options: Pick<EventServerOptions, 'replay' | 'onUnknownId' | 'clock'>,
  provider: Provider,
  reporter: Reporter,
): ResumeDesk {
  const { onUnknownId: policy = 'reset', clock = systemClock } = options
  const replay = replayOf(options.replay, provider)
  const what = 'use the replay store any longer'
  const remedy = 'Start again with a store that works; delivery goes on without replay'
  return new ResumeDesk({
    replay,
    policy,
    now: clock.now,
    position: provider.position,
    caughtUp: provider.caughtUp,
    onError: (cause) => reporter.report(failure({ code: 'replay-failed', what, remedy }, cause)),
  })
}

function replayOf(own: Replay | undefined, { replay }: Provider): Replay | undefined {
  if (!replay) return own
  if (!own) return { ...replay, put: () => {} }
  const because = 'its provider has a replay already, which knows what other processes published'
  throw new EventServerError(
    'invalid-option',
    `Cannot make the server: ${because}. Leave \`replay\` out, and give its bounds to the provider.`,
  )
}

function keepAliveOf<Data>(
  options: Pick<EventServerOptions, 'keepAlive' | 'clock'>,
  sessions: SessionRegister<Data, LiveSession<Data>>,
): KeepAlive | undefined {
  const { keepAlive = {}, clock = systemClock } = options
  if (keepAlive === false) return undefined
  const { interval = DEFAULT_KEEP_ALIVE } = keepAlive
  const bytes = keepAliveBytes(keepAlive)
  return createKeepAlive<LiveSession<Data>>({
    clock,
    interval,
    subjects: sessions,
    beat: (session, now) => session.beat(bytes, now),
  })
}
