import { StreamError } from '../errors.ts'

/** Options as somebody may have written them who has no types. */
type Options = Readonly<Record<string, unknown>>

/** Throws on options that no stream and no pool could have. */
export function checkOptions(options: Options): void {
  for (const name of ['linger', 'hiddenDelay', 'heartbeatTimeout', 'buffer']) {
    const value = options[name]
    if (value === undefined || isNumberIn(value, [0, Infinity])) continue
    throw invalid(
      `Cannot use ${name} ${shown(value)}: it is out of range. Pass a number from 0 up.`,
    )
  }
  checkRetry(Object(options['retry']) as Options)
  checkMaxEventSize(options['maxEventSize'])
  const { commit, transport = 'auto', onEnd, body } = options
  if (commit !== undefined && commit !== 'chunk' && commit !== 'frame') {
    throw invalid(
      `Cannot commit by "${shown(commit)}": there is no such way. Say 'chunk' or 'frame'.`,
    )
  }
  if (Object(transport) !== transport && !named(transport, 'auto', 'fetch', 'event-source')) {
    throw invalid(
      `Cannot use transport "${shown(transport)}": there is none of that name. Say 'auto', 'fetch' or 'event-source', or pass a transport.`,
    )
  }
  const method = shown(options['method'] ?? 'GET').toUpperCase()
  if (body !== undefined && named(method, 'GET', 'HEAD')) {
    throw invalid(
      `Cannot send a body with ${method}: it carries none. Set the method, to POST for one.`,
    )
  }
  if (onEnd === 'reconnect' && method !== 'GET') {
    throw invalid(
      `Cannot reconnect a ${method} by itself: it is sent once. Leave onEnd out, and say in retry.retryOn when to send it again.`,
    )
  }
  if ((onEnd === 'complete' || method !== 'GET') && transport === 'event-source') {
    throw invalid(
      'Cannot send a request once over EventSource: it reconnects by itself. Use the fetch transport.',
    )
  }
}

const ranges = {
  initialDelay: [0, Infinity],
  factor: [1, Infinity],
  maxDelay: [0, Infinity],
  jitter: [0, 1],
  maxRetries: [0, Infinity],
  maxElapsed: [0, Infinity],
  resetAfter: [0, Infinity],
} as const

function checkRetry(policy: Options): void {
  for (const [name, range] of Object.entries(ranges)) {
    const value = policy[name]
    if (value === undefined || isNumberIn(value, range)) continue
    throw invalid(
      `Cannot retry with ${name} ${shown(value)}: it is out of range. Pass a number from ${range.join(' to ')}.`,
    )
  }
}

/** Throws where no event could be so large. */
export function checkMaxEventSize(size: unknown): void {
  if (size === undefined || (typeof size === 'number' && size > 0)) return
  throw invalid(
    `Cannot read events up to maxEventSize ${shown(size)}: it is not a number above 0. Give characters, or Infinity.`,
  )
}

/** Throws on what decodes nothing. */
export function checkDecoders(events: Options = {}): void {
  for (const [type, decoder] of Object.entries(events)) {
    const isObject = Object(decoder) === decoder
    if (typeof decoder === 'function' || (isObject && '~standard' in (decoder as object))) continue
    throw invalid(
      `Cannot decode "${type}" events: the decoder is neither a function nor a Standard Schema. Say json(), text, a function, or a schema.`,
    )
  }
}

/** Throws where no event type is named. */
export function checkTypes(types: readonly unknown[]): void {
  if (types.length > 0 && types.every((type) => typeof type === 'string')) return
  throw invalid("Cannot listen: no event type is named. Name one or several, or '*' for all.")
}

/** Throws on what is no length for a history. */
export function checkLimit(limit: number): void {
  if (Number.isSafeInteger(limit) && limit > 0) return
  throw invalid(
    `Cannot keep a history of ${limit} events: the limit is no whole number from 1 up. Name one, or leave it out for 100.`,
  )
}

/** Throws where something else is said to be a pool. */
export function checkPool(parts: unknown): void {
  if (parts !== undefined) return
  throw invalid(
    'Cannot use this pool: createPool() did not make it. Pass what createPool() returned.',
  )
}

function isNumberIn(value: unknown, [least, most]: readonly [number, number]): boolean {
  return typeof value === 'number' && value >= least && value <= most
}

function named(value: unknown, ...names: readonly string[]): boolean {
  return names.includes(value as string)
}

/** Whatever somebody may have passed. */
function shown(value: unknown): string {
  return String(value as string)
}

function invalid(message: string): StreamError {
  return new StreamError('invalid-argument', message)
}
