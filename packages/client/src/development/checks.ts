import { Signal, signal } from '@preact/signals-core'
import {
  aBody,
  aCount,
  fromZero,
  aFlag,
  aFunction,
  aName,
  anObject,
  aSignal,
  aSize,
  aString,
  aUrl,
  check,
  checkEach,
  either,
  having,
  invalid,
  someHeaders,
  someNames,
  within,
  word,
  type Kind,
  type Kinds,
} from './argument.ts'

/** Options as somebody may have written them who has no types. */
type Options = Readonly<Record<string, unknown>>

/** What the options of pools and streams have to be. */
const kinds: Kinds = {
  transport: either(word('auto', 'fetch', 'event-source'), having('a transport', 'connect')),
  fetch: aFunction,
  EventSource: aFunction,
  maxEventSize: aSize,
  channels: having('a channel scheme', 'url', 'channelsOf'),
  retry: anObject,
  heartbeatTimeout: fromZero,
  openWhenHidden: aFlag,
  hiddenDelay: fromZero,
  linger: fromZero,
  dedup: aFlag,
  resume: having('a storage', 'getItem', 'setItem', 'removeItem'),
  commit: word('chunk', 'frame'),
  clock: having('a clock', 'now', 'setTimeout', 'clearTimeout', 'random'),
  onError: aFunction,
  onGap: aFunction,
  onTrace: aFunction,
  tabs: having('what shareTabs() returned', 'join'),
  events: anObject,
  initialLastEventId: aString,
  onEnd: word('reconnect', 'complete'),
  doneWhen: aFunction,
  buffer: fromZero,
  method: aName,
  headers: someHeaders,
  body: aBody,
  credentials: word('omit', 'same-origin', 'include'),
  withCredentials: aFlag,
  key: aString,
  lastEventIdParam: aName,
}

/** Throws on options that no stream and no pool could have. */
export function checkOptions(options: object): void {
  checkEach(options, kinds)
  const { transport, onEnd, body, method: named = 'GET', retry } = options as Options
  if (retry !== undefined) checkEach(retry, retryKinds)
  const method = (named as string).toUpperCase()
  if (body !== undefined && ['GET', 'HEAD'].includes(method)) {
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

/** What a retry policy's options have to be. */
const retryKinds: Kinds = {
  initialDelay: fromZero,
  factor: within(1, Infinity),
  maxDelay: fromZero,
  jitter: within(0, 1),
  maxRetries: fromZero,
  maxElapsed: fromZero,
  resetAfter: fromZero,
  retryOn: aFunction,
}

/** Throws where no event could be so large. */
export function checkMaxEventSize(size: unknown): void {
  if (size !== undefined) check('maxEventSize', size, aSize)
}

/** Throws on what decodes nothing. */
export function checkDecoders(events: object = {}): void {
  for (const [type, decoder] of Object.entries<unknown>(events as Options)) {
    if (isUncalledJson(decoder)) {
      throw invalid(
        `Cannot decode "${type}" events: json is not the decoder, but makes one. Call it: json().`,
      )
    }
    if (isDecoder(decoder)) continue
    throw invalid(
      `Cannot decode "${type}" events: the decoder is neither a function nor a Standard Schema. Say json(), text, a function, or a schema.`,
    )
  }
}

// By its name: it could not be imported without a cycle.
function isUncalledJson(decoder: unknown): boolean {
  return typeof decoder === 'function' && decoder.name === 'json' && decoder.length === 0
}

function isDecoder(decoder: unknown): boolean {
  const isFunction = typeof decoder === 'function'
  if (!isFunction && (typeof decoder !== 'object' || decoder === null)) return false
  if (!('~standard' in decoder)) return isFunction
  return having('a schema', 'validate')[1](decoder['~standard'])
}

/** Throws on what is no URL. */
export function checkUrl(url: unknown): void {
  check('url', url, aUrl)
}

const aPool: Kind = [
  'what createPool() returned',
  (value) => Object(value)[Symbol.for('millrace.pool-parts')] !== undefined,
]

/** Throws where something else is said to be a pool. */
export function checkPool(pool: unknown): void {
  check('pool', pool, aPool)
}

/** Throws on what nobody could listen to, or with. */
export function checkListening(types: unknown, listener: unknown, options: unknown): void {
  check('event types', types, someNames)
  check('listener', listener, aFunction)
  checkEach(options, { signal: aSignal, once: aFlag })
}

/** Throws on what nobody could iterate. */
export function checkIterating(types: unknown, options: unknown): void {
  check('event types', types, someNames)
  checkEach(options, { signal: aSignal })
}

/** Throws on what names no event type. */
export function checkType(type: unknown): void {
  check('event type', type, aName)
}

/** Throws on what selects nothing. */
export function checkSelecting(selector: unknown, options: unknown): void {
  check('selector', selector, aFunction)
  checkEach(options, { equals: aFunction })
}

const onGap = word('keep', 'restart')

/** Throws on what adds nothing up. */
export function checkReducing(reducer: unknown, options: unknown): void {
  check('reducer', reducer, aFunction)
  checkEach(options, { onGap })
}

/** Throws on what is no history. */
export function checkHistory(options: unknown): void {
  checkEach(options, { limit: aCount, onGap })
}

/** Throws on what makes no channel scheme. */
export function checkScheme(options: unknown, param?: unknown): void {
  checkEach({ param }, { param: aName })
  checkEach(options, { param: aName, channelOf: aFunction, cursorParam: aFlag })
}

/** Throws on what is no channel's name. */
export function checkChannel(name: string, parent: string): void {
  check('channel', name, aString)
  const own = name.replace(/^\/|\/$/g, '')
  const because = whyNoChannel(own, parent === '' ? own : `${parent}/${own}`)
  if (because === undefined) return
  throw invalid(
    `Cannot read channel ${JSON.stringify(name.slice(0, 20))}: ${because}. Name it like 'pets/dogs'; for everything, read the stream itself.`,
  )
}

function whyNoChannel(own: string, whole: string): string | undefined {
  if (own === '') return 'it is empty'
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(own)) return 'it has control characters'
  if (own.split('/').includes('')) return 'it has an empty segment'
  return whole.length > LONGEST_CHANNEL
    ? `it is longer than ${LONGEST_CHANNEL} characters`
    : undefined
}

const LONGEST_CHANNEL = 256

/** Throws on what cannot be read by itself. */
export function checkReading(source: unknown, options: object): void {
  check(
    'source',
    source,
    either(having('a Response', 'text'), having('a ReadableStream', 'getReader')),
  )
  checkEach(options, {
    events: anObject,
    signal: aSignal,
    doneWhen: aFunction,
    onError: aFunction,
    maxEventSize: aSize,
  })
  checkDecoders((options as { readonly events?: object }).events)
}

const aSource: Kind = [
  'a URL, a function that says it, a handle, or null',
  (value) => (value ?? null) === null || aUrl[1](value) || having('a handle', 'latest')[1](value),
]

/** Throws on what no component could read. */
export function checkHook(source: unknown, options: object): void {
  check('source', source, aSource)
  checkCopy((source as { readonly status?: unknown } | null)?.status)
  checkEach(options, { event: aName, select: aFunction, equals: aFunction, reducer: aFunction })
}

/** Throws on a handle of which no component would ever see anything. */
function checkCopy(status: unknown): void {
  if (!isForeignSignal(status)) return
  throw invalid(
    'Cannot read the handle: it is of another copy of @preact/signals-core, which does not tell this one of changes. See `npm ls millrace @preact/signals-core`; `npm dedupe` makes them one.',
  )
}

function isForeignSignal(value: unknown): boolean {
  return isSignal(value) && !(value instanceof Signal)
}

// Every copy has this brand.
function isSignal(value: unknown): boolean {
  return (value as { readonly brand?: unknown } | undefined)?.brand === signal().brand
}

/** Throws on what is no store. */
export function checkStore(store: unknown): void {
  check('store', store, having("a store, such as stream.latest('tick')", 'peek', 'subscribe'))
}
