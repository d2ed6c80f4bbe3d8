import { systemClock } from '@millrace/server'
import type { Clock } from '@millrace/server'
import { invalid, shown } from '../argument.ts'
import { HarnessError } from '../error.ts'
import { Blocks } from './blocks.ts'
import type { RecordedCue, Recording } from './recording.ts'

/**
 * What is recorded, and how long.
 *
 * @example
 * await record(url, { headers: { authorization: 'Bearer me' }, events: 100, duration: 60_000 })
 */
export interface RecordOptions {
  /** Defaults to `accept: text/event-stream` and `cache-control: no-store`. */
  readonly headers?: NonNullable<RequestInit['headers']>
  /** Defaults to `GET`. */
  readonly method?: string
  /** The body of the request. Defaults to none. */
  readonly body?: NonNullable<RequestInit['body']>
  /** Stops after so many events. Defaults to no bound. */
  readonly events?: number
  /** Stops after so many milliseconds. Defaults to no bound. */
  readonly duration?: number
  /** Stops it. Defaults to none. */
  readonly signal?: AbortSignal
  /** Is told of each cue as it comes. Defaults to nobody. */
  readonly onCue?: (cue: RecordedCue) => void
  /** Defaults to the global one. */
  readonly fetch?: typeof globalThis.fetch
  /** Defaults to the machine's time. */
  readonly clock?: Clock
}

/**
 * Records a live stream, byte by byte, with times in milliseconds since its head came; until it ends, or breaks, or is
 * told to stop.
 *
 * What is stopped has no end; half an event that comes then is left out. What is no event stream is a `not-a-stream`
 * error. Text is UTF-8: what is not becomes U+FFFD.
 *
 * @example
 * const recording = await record('https://example.com/prices', { events: 100 })
 * await writeFile('prices.sse', formatRecording(recording))
 */
export async function record(url: string | URL, options: RecordOptions = {}): Promise<Recording> {
  const { clock = systemClock, fetch: fetcher = globalThis.fetch, duration = Infinity } = options
  checkBound('events', options.events)
  checkBound('milliseconds', options.duration)
  const stop = new AbortController()
  const signal = AbortSignal.any([stop.signal, ...(options.signal ? [options.signal] : [])])
  const response = await fetcher(url, requestInit(options, signal))
  const { body } = response
  if (!isEventStream(response) || !body) {
    stop.abort()
    throw notAStream(url, response)
  }
  const start = clock.now()
  const timer = duration < Infinity ? clock.setTimeout(() => stop.abort(), duration) : undefined
  const tape = new Tape(() => Math.max(0, Math.round(clock.now() - start)), options)
  try {
    await tape.run(body, signal)
  } finally {
    clock.clearTimeout(timer)
    stop.abort()
  }
  return tape.cues
}

function checkBound(what: string, bound: number | undefined): void {
  if (bound === undefined || (typeof bound === 'number' && bound > 0)) return
  throw invalid(`record ${shown(bound)} ${what}`, 'that is nothing', 'give a number above 0')
}

function requestInit(
  { headers: own, method, body }: RecordOptions,
  signal: AbortSignal,
): RequestInit {
  const headers = new Headers({ accept: 'text/event-stream', 'cache-control': 'no-store' })
  for (const [name, value] of new Headers(own)) headers.set(name, value)
  return {
    headers,
    signal,
    ...(method !== undefined && { method }),
    ...(body !== undefined && { body }),
  }
}

/** What is being recorded. */
class Tape {
  readonly cues: RecordedCue[] = []
  readonly #now: () => number
  readonly #options: RecordOptions
  readonly #blocks = new Blocks()
  #left: number

  constructor(now: () => number, options: RecordOptions) {
    this.#now = now
    this.#options = options
    this.#left = options.events ?? Infinity
  }

  async run(body: ReadableStream<Uint8Array>, signal: AbortSignal): Promise<void> {
    const reader = body.getReader()
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
    while (this.#left > 0) {
      // oxlint-disable-next-line no-await-in-loop -- a stream is read one chunk after the other
      const chunk = await reader.read().catch(() => undefined)
      if (signal.aborted) return
      if (!chunk) return this.#end({ at: this.#now(), drop: true })
      if (chunk.done) return this.#end({ at: this.#now(), end: true })
      this.#add(this.#blocks.feed(decoder.decode(chunk.value, { stream: true })))
    }
  }

  #end(how: RecordedCue): void {
    const { blocks, rest } = this.#blocks.end()
    this.#add(rest === '' ? blocks : [...blocks, rest])
    if (this.#left > 0) this.#note(how)
  }

  #add(blocks: readonly string[]): void {
    for (const raw of blocks) {
      if (this.#left <= 0) return
      this.#note({ at: this.#now(), raw })
      if (/^data(?::|$)/m.test(raw)) this.#left -= 1
    }
  }

  #note(cue: RecordedCue): void {
    this.cues.push(cue)
    this.#options.onCue?.(cue)
  }
}

function isEventStream({ status, headers }: Response): boolean {
  return status === 200 && /^\s*text\/event-stream\s*(;|$)/i.test(headers.get('content-type') ?? '')
}

function notAStream(url: string | URL, { status, headers }: Response): HarnessError {
  const type = headers.get('content-type') ?? 'no content type'
  return new HarnessError(
    'not-a-stream',
    `Cannot record ${String(url)}: it answered ${status} with ${type}. Give the address, and the headers, of an event stream.`,
  )
}
