import { finiteReplay, localProvider, type Provider, type ServerEvent } from '@millrace/server'
import { fakeEventServer, type FakeClient, type FakeEventServer } from '@millrace/testing'
import {
  answerFaults,
  openFaults,
  type LabFault,
  type LabTick,
  type OpenFault,
} from '../../wire/faults.ts'
import { answers } from './answers.ts'
import { mishaps, type Bench } from './mishaps.ts'

/** How many events are sent again to a client that is not believed to have them. */
const AGAIN = 10

const KEPT = 200

export interface LabOptions {
  /** Milliseconds until clients come back. */
  readonly retry: number
  /** Milliseconds between two events. */
  readonly beat: number
}

/** What is known where a fault is asked for. */
interface Circumstances {
  /** The URL of the stream. */
  readonly url: string
  /** Of what happens by chance. */
  readonly seed: number
}

interface LabServer {
  readonly fake: FakeEventServer
  /** Events go past the fake, which would log for ever what it is asked to send. */
  readonly provider: Provider
}

/** One page's own server, to be broken: that of the test harness, behind a real socket. Nobody else notices. */
export class Lab implements Bench {
  readonly #options: LabOptions
  #server: LabServer
  #timer: NodeJS.Timeout | undefined
  /** All that is done to the stream, one after the other: nothing comes between two halves of an event. */
  #done: Promise<void> = Promise.resolve()
  #seq = 0
  /** What befalls the next stream that opens. */
  #pending: OpenFault | undefined
  #sendsAgain = false
  /** Ends what goes on until it is mended. */
  #fault = new AbortController()

  constructor(options: LabOptions) {
    this.#options = options
    this.#server = startServer(options)
  }

  /** The `seq` of the newest event. */
  get seq(): number {
    return this.#seq
  }

  get clients(): readonly FakeClient[] {
    return this.#server.fake.clients
  }

  /** Answers a request for the stream; rejects where nobody is to answer. */
  readonly fetch = async (request: Request): Promise<Response> => {
    const response = await this.#server.fake.fetch(this.#asked(request), { redirect: 'manual' })
    // Whoever comes first hears all that there ever was.
    this.#timer ??= setInterval(() => void this.#then(this.#tick), this.#options.beat)
    const pending = this.clients.length > 0 ? this.#pending : undefined
    if (pending !== undefined) {
      this.#pending = undefined
      void this.#then(() => mishaps[pending](this))
    }
    return response
  }

  /** Resolves when it is done. */
  inflict(fault: LabFault, { url, seed }: Circumstances): Promise<void> {
    return this.#then(async () => {
      await this.#calm()
      if (isAmong(openFaults, fault)) {
        if (this.clients.length > 0) await mishaps[fault](this)
        else this.#pending = fault
      } else if (isAmong(answerFaults, fault)) {
        answers[fault]({ fake: this.#server.fake, url, signal: this.#fault.signal })
        await mishaps.drop(this)
      } else {
        this.#fault.signal.addEventListener('abort', this.#server.fake.chaos({ seed }).stop)
      }
    })
  }

  /** Takes back what was to come. */
  mend(): Promise<void> {
    return this.#then(this.#calm)
  }

  next(from = 'Mühlbach'): ServerEvent {
    const seq = (this.#seq += 1)
    return { event: 'tick', id: String(seq), data: JSON.stringify({ seq, from } satisfies LabTick) }
  }

  readonly publish = async (event: ServerEvent): Promise<void> => {
    await this.#server.provider.publish({ channels: ['ticks'], event })
  }

  forget(): void {
    this.#server = startServer(this.#options)
  }

  sendAgain(): void {
    this.#sendsAgain = true
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    this.#fault.abort()
    await this.#server.fake.reset().catch(report)
  }

  /** The request, or one that comes from before what its client has heard. */
  #asked(request: Request): Request {
    const cursor = Number(request.headers.get('last-event-id') ?? NaN)
    if (!this.#sendsAgain || !(cursor > AGAIN)) return request
    this.#sendsAgain = false
    const headers = { 'last-event-id': String(cursor - AGAIN) }
    return new Request(request.url, { headers, signal: request.signal })
  }

  #then(action: () => Promise<void>): Promise<void> {
    this.#done = this.#done.then(action).catch(report)
    return this.#done
  }

  readonly #tick = (): Promise<void> => this.publish(this.next())

  readonly #calm = async (): Promise<void> => {
    this.#fault.abort()
    this.#fault = new AbortController()
    this.#pending = undefined
    this.#sendsAgain = false
    this.#server.fake.accept()
    await this.#server.fake.release()
  }
}

function startServer({ retry }: LabOptions): LabServer {
  const provider = localProvider({ now: Date.now })
  const replay = finiteReplay({ count: KEPT })
  return { provider, fake: fakeEventServer('/faults/events', { provider, replay, retry }) }
}

function report(error: unknown): void {
  console.error(error)
}

function isAmong<Faults extends object>(faults: Faults, fault: PropertyKey): fault is keyof Faults {
  return fault in faults
}
