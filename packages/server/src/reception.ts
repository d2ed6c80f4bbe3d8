import { admit, askedOf, isResponse } from './admission.ts'
import type { Admission, Admitted, Asked } from './admission.ts'
import { createBody } from './body.ts'
import { byQuery } from './channel.ts'
import type { Clock } from './clock.ts'
import { corsHeaders, corsOf, preflight, withHeaders } from './cors.ts'
import type { CorsOptions } from './cors.ts'
import { cursorOf } from './cursor.ts'
import { isSlow } from './error.ts'
import type { FanOut } from './fan-out.ts'
import { Lobby } from './lobby.ts'
import type { ResumeAnswer, ResumeDesk } from './log/resume.ts'
import type { EventServerOptions } from './options.ts'
import { peerOf } from './peer.ts'
import { refuse, retryAfter, wrongRequest } from './refusal.ts'
import { failure } from './reporter.ts'
import type { Failure, Reporter } from './reporter.ts'
import { LiveSession } from './session.ts'
import type { SessionDetails, SessionHost } from './session.ts'
import type { SessionRegister } from './sessions.ts'
import { StreamHead } from './stream-head.ts'
import { isThenable } from './thenable.ts'

/** What a reception works with. */
export interface ReceptionParts<Data> {
  readonly options: EventServerOptions<Data>
  readonly clock: Clock
  readonly sessions: SessionRegister<Data, LiveSession<Data>>
  readonly fanOut: FanOut
  readonly desk: ResumeDesk
  readonly host: SessionHost
  readonly reporter: Reporter
  /** A session has come in. */
  readonly onOpen: (session: LiveSession<Data>) => void
}

const DEFAULT_RETRY_AFTER = 1_000
const DEFAULT_MAX_CHANNELS = 100
// In characters: what browsers send is shorter, and what is longer is kept for nobody.
const MAX_USER_AGENT = 256

/** Where requests arrive: each becomes a session, or a refusal that says why. */
export class Reception<Data> {
  readonly #parts: ReceptionParts<Data>
  readonly #cors: CorsOptions | undefined
  readonly #head: StreamHead
  readonly #lobby = new Lobby()
  #comeBack: number
  #shut = false

  constructor(parts: ReceptionParts<Data>) {
    const { options, desk } = parts
    this.#parts = parts
    this.#cors = corsOf(options.cors)
    this.#comeBack = options.retry ?? DEFAULT_RETRY_AFTER
    this.#head = new StreamHead(options, desk)
  }

  /** From now on everyone is told to come back later, in so many milliseconds. */
  shut(comeBack: number | undefined): void {
    this.#shut = true
    this.#comeBack = comeBack ?? this.#comeBack
    this.#lobby.clear()
  }

  /** There is a gap in the order: everyone who listens is as one who comes back from before it. */
  readonly interrupted = (): void => {
    const { desk, fanOut, sessions } = this.#parts
    const resume = async (session: LiveSession<Data>): Promise<void> =>
      this.#replay(session, await desk.restart(session.channels))
    // Who is held has not been told anything yet.
    for (const session of sessions) if (fanOut.hold(session)) void resume(session)
  }

  readonly fetch = async (request: Request): Promise<Response> => {
    const cors = this.#cors
    if (!cors) return this.#answer(request, {})
    try {
      const headers = corsHeaders(request, cors)
      return preflight(request, cors, headers) ?? (await this.#answer(request, headers))
    } catch (cause) {
      return this.#broken({ code: 'hook-failed', what: 'judge an origin' }, cause)
    }
  }

  async #answer(request: Request, cors: Record<string, string>): Promise<Response> {
    const { signal } = request
    const admitted = this.#admit(request)
    const verdict = isThenable(admitted) ? await this.#lobby.wait(admitted, signal) : admitted
    const outcome = verdict ?? this.#comeLater(this.#obstacle(request) ?? 'the client has gone')
    if (isResponse(outcome)) return withHeaders(outcome, cors)
    // Who came in before the order is known would miss what is published meanwhile, and nobody could tell.
    const opening = this.#parts.desk.opening()
    if (opening) await this.#lobby.wait(opening, signal)
    // Much may have happened meanwhile.
    const closed = this.#unavailable(request) ?? this.#crowded(outcome.admission)
    if (closed) return withHeaders(closed, cors)
    let what = 'read the headers of a response'
    try {
      const headers = this.#head.headers(request, cors)
      what = 'open a stream'
      return this.#open(request, outcome, headers)
    } catch (cause) {
      return withHeaders(this.#broken({ code: 'hook-failed', what }, cause), cors)
    }
  }

  // At once where `authorize` answers at once, so that a session is there when `fetch` returns.
  #admit(request: Request): Admitted<Data> | Response | Promise<Admitted<Data> | Response> {
    const { authorize, channels = byQuery(), maxChannels } = this.#parts.options
    const wrong = wrongRequest(request)
    if (wrong) return refuse(wrong)
    const closed = this.#unavailable(request)
    if (closed) return closed
    let asked: Asked | Response
    try {
      asked = askedOf(request, channels, maxChannels ?? DEFAULT_MAX_CHANNELS)
    } catch (cause) {
      return this.#broken({ code: 'hook-failed', what: 'read the channels of a request' }, cause)
    }
    if (asked instanceof Response) return asked
    if (!authorize) return admit(asked, {})
    try {
      const verdict: unknown = authorize(request)
      return isThenable(verdict)
        ? this.#decide(request, asked, verdict)
        : this.#judged(asked, verdict)
    } catch (cause) {
      return this.#unauthorized(cause)
    }
  }

  async #decide(
    request: Request,
    asked: Asked,
    verdict: PromiseLike<unknown>,
  ): Promise<Admitted<Data> | Response> {
    try {
      return this.#judged(asked, await verdict)
    } catch (cause) {
      const { aborted, reason } = request.signal
      // It went by the signal, as it should.
      if (aborted && cause === reason) return this.#comeLater('the client has gone')
      return this.#unauthorized(cause)
    }
  }

  #judged(asked: Asked, verdict: unknown): Admitted<Data> | Response {
    // `false` is meant; anything else was forgotten, or mistaken for an admission.
    if (verdict !== false && Object(verdict) !== verdict) {
      const remedy = 'Give an admission ({} admits), or a Response that refuses'
      const wrong = { code: 'authorize-failed', what: 'authorize a request', remedy } as const
      this.#parts.reporter.report(failure(wrong, `authorize gave ${String(verdict)}`))
    }
    return admit(asked, verdict)
  }

  #unauthorized(cause: unknown): Response {
    if (isResponse(cause)) return cause
    return this.#broken({ code: 'authorize-failed', what: 'authorize a request' }, cause)
  }

  #broken(failed: Pick<Failure, 'code' | 'what'>, cause: unknown): Response {
    const remedy = 'Catch it there, or refuse in authorize'
    this.#parts.reporter.report(failure({ ...failed, remedy }, cause))
    const because = 'Cannot open the stream: the server failed. Try again later.'
    return refuse({ status: 500, because })
  }

  #unavailable(request: Request): Response | undefined {
    const obstacle = this.#obstacle(request)
    return obstacle === undefined ? undefined : this.#comeLater(obstacle)
  }

  #obstacle(request: Request): string | undefined {
    const { maxSessions = Infinity } = this.#parts.options
    if (this.#shut) return 'the server is closing'
    if (this.#parts.sessions.size >= maxSessions) return `all ${maxSessions} places are taken`
    return request.signal.aborted ? 'the client has gone' : undefined
  }

  #comeLater(obstacle: string): Response {
    return refuse({
      status: 503,
      because: `Cannot open the stream: ${obstacle}. Try again later.`,
      headers: retryAfter(this.#comeBack),
    })
  }

  #crowded({ clientId }: Admission): Response | undefined {
    const { maxSessionsPerClient = Infinity } = this.#parts.options
    if (this.#parts.sessions.countOf(clientId) < maxSessionsPerClient) return undefined
    return refuse({
      status: 429,
      because: `Cannot open the stream: this client has ${maxSessionsPerClient} already. Close one of them.`,
      headers: retryAfter(this.#comeBack),
    })
  }

  #open(request: Request, admitted: Admitted<Data>, headers: Headers): Response {
    const { host, sessions, options, reporter } = this.#parts
    // It holds the request: in Node the signal of one that has been let go is never aborted.
    const left = (): void => {
      const { reason } = request.signal
      session.end(isSlow(reason) ? 'slow' : 'client', { error: reason })
    }
    const body = createBody(left)
    const session = new LiveSession<Data>(this.#details(request, admitted), body.output, host)
    request.signal.addEventListener('abort', left, { once: true })
    try {
      session.write(this.#head.bytes(session.lastEventId), session.connectedAt)
      sessions.add(session)
      this.#join(session, admitted.resumed)
      this.#parts.onOpen(session)
    } catch (error) {
      session.end('error', { error })
      throw error
    }
    reporter.hook('onConnect', () => options.onConnect?.(session, request))
    return new Response(body.stream, { headers })
  }

  #details(request: Request, { admission, channels }: Admitted<Data>): SessionDetails<Data> {
    const { clock, options } = this.#parts
    const { remoteAddress = peerOf, lastEventIdParam } = options
    return {
      clientId: admission.clientId,
      data: admission.data as Data,
      keepAlive: admission.keepAlive,
      channels,
      url: request.url,
      remoteAddress: remoteAddress(request),
      userAgent: request.headers.get('user-agent')?.slice(0, MAX_USER_AGENT),
      lastEventId: cursorOf(request, lastEventIdParam),
      connectedAt: clock.now(),
    }
  }

  // Joining and asking for the replay are one step: nothing is published in between.
  #join(session: LiveSession<Data>, channels: readonly string[]): void {
    const { desk, fanOut } = this.#parts
    const cursor = session.lastEventId
    if (cursor === undefined) {
      fanOut.join(session, false)
      return
    }
    const answer = desk.answer({ cursor, channels })
    fanOut.join(session, isThenable(answer))
    if (isThenable(answer)) void answer.then((late) => this.#replay(session, late))
    else if (answer.entries.length > 0) this.#replay(session, answer)
  }

  // An event that cannot be encoded is a gap to who would have heard it, and no more than that.
  #replay(session: LiveSession<Data>, { entries, instead, position }: ResumeAnswer): void {
    const { fanOut, reporter } = this.#parts
    const what = 'write a replay'
    const failed = (cause: unknown): void =>
      reporter.report(failure({ code: 'encode-failed', what, remedy: 'Mend encode' }, cause))
    const broken = (cause: unknown): void => {
      failed(cause)
      session.end('error', { error: cause })
    }
    const otherwise = (cause: unknown): void => {
      failed(cause)
      fanOut.release(session, { entries: instead, position, failed: broken })
    }
    fanOut.release(session, { entries, position, failed: otherwise })
  }
}
