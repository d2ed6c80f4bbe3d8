import { EventServerError } from './error.ts'
import type { EventServerOptions } from './options.ts'

/** What an option may be; `undefined` is as good as left out. */
interface Rule {
  readonly fits: (value: unknown) => boolean
  /** What is to be given instead. */
  readonly give: string
}

const func: Rule = { fits: (value) => typeof value === 'function', give: 'a function' }
const text: Rule = {
  fits: (value) => typeof value === 'string' && value !== '',
  give: 'a string that is not empty',
}
// There is no more than `NaN`: it would bound nothing.
const bound: Rule = {
  fits: (value) => typeof value === 'number' && value >= 0,
  give: 'a number of at least 0',
}

function oneOf(...values: readonly unknown[]): Rule {
  return { fits: (value) => values.includes(value), give: values.map(shown).join(' or ') }
}

/** An object, or one of these; with these methods, where any are named. */
function objectOr(others: readonly unknown[], give: string, methods: readonly string[] = []): Rule {
  const fits = (value: unknown): boolean => {
    if (typeof value !== 'object' || value === null) return others.includes(value)
    return methods.every((name) => typeof Reflect.get(value, name) === 'function')
  }
  return { fits, give }
}

function areHeaders(value: unknown): boolean {
  try {
    return typeof value === 'object' && new Headers(value as HeadersInit) instanceof Headers
  } catch {
    return false
  }
}

const RULES: { readonly [Name in keyof Required<EventServerOptions>]: Rule } = {
  replay: objectOr([], 'a replay, as of finiteReplay()', ['put', 'after']),
  onUnknownId: oneOf('all', 'none', 'reset'),
  lastEventIdParam: text,
  ids: oneOf('auto', 'manual'),
  epoch: { fits: (value) => typeof value === 'string', give: 'a string' },
  labels: oneOf('auto', true, false),
  keepAlive: objectOr([false], 'false, or an object as { interval: 15_000 }'),
  retry: {
    fits: (value) => Number.isSafeInteger(value) && Number(value) >= 0,
    give: 'a whole number of milliseconds, at least 0',
  },
  headers: {
    fits: (value) => typeof value === 'function' || areHeaders(value),
    give: 'headers that HTTP can carry, or a function of the request',
  },
  cors: objectOr([true, false], "true, false, or an object as { origin: 'https://app.example' }"),
  authorize: func,
  remoteAddress: func,
  channels: func,
  encode: func,
  onConnect: func,
  onDisconnect: func,
  beforeSend: func,
  onSend: func,
  onError: func,
  maxBacklog: bound,
  maxSessions: bound,
  maxSessionsPerClient: bound,
  maxChannels: bound,
  provider: objectOr([], 'a provider, as of redisProvider()', [
    'publish',
    'subscribe',
    'position',
    'close',
  ]),
  clock: objectOr([], 'a clock, as systemClock', ['now', 'setTimeout', 'clearTimeout']),
}

/** Throws on an option that is not what it may be: what is ignored would be missed when it is needed. */
export function checkOptions(options: Readonly<Record<string, unknown>>): void {
  for (const [name, { fits, give }] of Object.entries(RULES)) {
    const value = options[name]
    if (value === undefined || fits(value)) continue
    throw new EventServerError(
      'invalid-option',
      `Cannot make the server: ${name} is ${shown(value)}. Give ${give}.`,
    )
  }
}

function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'function') return 'a function'
  return typeof value === 'object' && value !== null ? 'an object' : String(value)
}
