import { createEventServer, finiteReplay, type EventServer } from '@millrace/server'
import {
  LARGEST,
  openFaults,
  type AnswerFault,
  type LabFault,
  type LabTick,
  type OpenFault,
} from '../../wire/faults.ts'
import { meetings } from './answers.ts'
import { Tap } from './tap.ts'

/** How many events a server sends again that forgets where its client was. */
const AGAIN = 10

const KEPT = 200

export interface LabOptions {
  /** Milliseconds until clients come back. */
  readonly retry: number
  /** Milliseconds between two events. Defaults to `500`. */
  readonly beat?: number | undefined
}

/** One page's own server, to be broken: nobody else notices. */
export class Lab {
  readonly #retry: number
  readonly #beat: number
  #events: EventServer
  #timer: NodeJS.Timeout | undefined
  readonly #taps = new Set<Tap>()
  readonly #ids: string[] = []
  #seq = 0
  /** What befalls the next stream that opens. */
  #pending: OpenFault | undefined
  #meeting: { readonly fault: AnswerFault; left: number; readonly until: number } | undefined
  #startOver = false

  constructor({ retry, beat = 500 }: LabOptions) {
    this.#retry = retry
    this.#beat = beat
    this.#events = this.#createEvents()
  }

  /** The `seq` of the newest event. */
  get seq(): number {
    return this.#seq
  }

  /** Whether somebody reads it. */
  get used(): boolean {
    return this.#taps.size > 0
  }

  readonly fetch = async (request: Request): Promise<Response> => {
    const met = await this.#meet(request)
    if (met !== undefined) return met
    const { body, status, headers } = await this.#events.fetch(this.#asked(request))
    if (body === null) return new Response(null, { status, headers })
    const tap = new Tap(body, () => this.#taps.delete(tap))
    this.#taps.add(tap)
    // Whoever comes first hears all that there ever was.
    this.#timer ??= setInterval(() => void this.#tick(), this.#beat)
    if (this.#pending !== undefined) this.#befall(this.#pending)
    this.#pending = undefined
    return new Response(tap.body, { status, headers })
  }

  inflict(fault: LabFault): void {
    this.mend()
    if (!isOpenFault(fault)) {
      const { times, lasts = Infinity } = meetings[fault]
      this.#meeting = { fault, left: times, until: performance.now() + lasts }
      this.#drop()
    } else if (this.used) this.#befall(fault)
    else this.#pending = fault
  }

  /** Takes back what was to come. */
  mend(): void {
    this.#meeting = undefined
    this.#pending = undefined
    this.#startOver = false
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    this.#drop()
    await this.#events.close()
  }

  #createEvents(): EventServer {
    return createEventServer({
      replay: finiteReplay({ count: KEPT }),
      retry: this.#retry,
      keepAlive: { interval: 1_000 },
    })
  }

  async #meet(request: Request): Promise<Response | undefined> {
    const meeting = this.#meeting
    if (meeting === undefined || meeting.left === 0 || performance.now() > meeting.until) return
    meeting.left -= 1
    return meetings[meeting.fault].answer(request)
  }

  /** The request, or one that comes from before what its client has heard. */
  #asked(request: Request): Request {
    const heard = this.#ids.indexOf(request.headers.get('last-event-id') ?? '')
    const cursor = this.#ids[Math.max(0, heard - AGAIN)]
    if (!this.#startOver || heard === -1 || cursor === undefined) return request
    this.#startOver = false
    const headers = new Headers(request.headers)
    headers.set('last-event-id', cursor)
    return new Request(request.url, { headers, signal: request.signal })
  }

  #befall(fault: OpenFault): void {
    if (fault === 'forget') this.#forget()
    else if (fault === 'payload') void this.#publish('{"seq": many')
    else if (fault === 'large') void this.#tick('x'.repeat(LARGEST + 34_464))
    else {
      this.#startOver = fault === 'twice'
      for (const tap of this.#taps) befall[fault](tap)
    }
  }

  #forget(): void {
    const former = this.#events
    this.#events = this.#createEvents()
    this.#ids.length = 0
    this.#drop()
    void former.close()
  }

  #drop(): void {
    for (const tap of this.#taps) tap.drop()
  }

  async #tick(from = 'Mühlbach'): Promise<void> {
    const id = await this.#publish({ seq: (this.#seq += 1), from })
    if (id !== undefined) this.#ids.push(id)
    if (this.#ids.length > KEPT) this.#ids.shift()
  }

  async #publish(data: LabTick | string): Promise<string | undefined> {
    try {
      const { id } = await this.#events.publish('ticks', { event: 'tick', data })
      return id
    } catch {
      // It is closing.
      return undefined
    }
  }
}

/** What befalls a stream on its way, and does not need the server. */
const befall: Readonly<
  Record<Exclude<OpenFault, 'forget' | 'payload' | 'large'>, (tap: Tap) => void>
> = {
  drop: (tap) => tap.drop(),
  torn: (tap) => tap.tamper('torn'),
  end: (tap) => tap.end(),
  half: (tap) => tap.tamper('half'),
  stall: (tap) => tap.mute(),
  bytes: (tap) => tap.tamper('bytes'),
  patience: (tap) => {
    tap.write('retry: 3000\n\n')
    void tap.dropSoon()
  },
  twice: (tap) => tap.drop(),
}

function isOpenFault(fault: LabFault): fault is OpenFault {
  return fault in openFaults
}
