import { StreamError } from '../errors.ts'

/** What an argument has to be: in words, and how to tell. */
export type Kind = readonly [expected: string, fits: (value: unknown) => boolean]

/** What each of some options has to be. */
export type Kinds = Readonly<Record<string, Kind>>

const isOf = (type: string) => (value: unknown) => typeof value === type
const isNumber = isOf('number') as (value: unknown) => value is number
const isName = (value: unknown) => typeof value === 'string' && value !== ''
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

/** Of which `fetch` would send `[object Object]`, or its items with commas. */
const isPlain = (value: unknown) =>
  Array.isArray(value) || Object.getPrototypeOf(Object(value)) === Object.prototype

export const aFunction: Kind = ['a function', isOf('function')]
export const aString: Kind = ['a string', isOf('string')]
export const aName: Kind = ['a name', isName]
export const aFlag: Kind = ['true or false', isOf('boolean')]
export const anObject: Kind = ['an object', isObject]
export const fromZero: Kind = ['a number from 0 up', (value) => isNumber(value) && value >= 0]
export const aSize: Kind = ['a number above 0', (value) => isNumber(value) && value > 0]
export const aCount: Kind = [
  'a whole number from 1 up',
  (value) => Number.isSafeInteger(value) && (value as number) > 0,
]
export const someNames: Kind = [
  "the name of an event type, several, or '*'",
  (value) => isName(value) || (Array.isArray(value) && value.length > 0 && value.every(isName)),
]
export const aUrl: Kind = [
  'a URL, or a function that says it',
  (value) =>
    ['string', 'function'].includes(typeof value) ||
    isOf('string')((value as { href?: unknown } | null | undefined)?.href),
]
export const aBody: Kind = [
  'what fetch can send, such as JSON.stringify(value)',
  (value) => value !== null && !isPlain(value),
]
/** `Headers` or a `Map` would be sent as nothing. */
export const someHeaders: Kind = [
  'an object of names and values, or a function that says it',
  (value) => aFunction[1](value) || (isObject(value) && !(Symbol.iterator in value)),
]

/** A number, the bounds among them. */
export function within(least: number, most: number): Kind {
  return [
    `a number from ${least} to ${most}`,
    (value) => isNumber(value) && value >= least && value <= most,
  ]
}

/** One of these words. */
export function word(...words: readonly string[]): Kind {
  return [`one of '${words.join("', '")}'`, (value) => words.includes(value as string)]
}

/** What has these methods. */
export function having(expected: string, ...methods: readonly string[]): Kind {
  return [
    expected,
    (value) =>
      methods.every((name) => aFunction[1]((value as Record<string, unknown> | null)?.[name])),
  ]
}

export const aSignal: Kind = having('an AbortSignal', 'addEventListener', 'removeEventListener')

/** Either of two. */
export function either([one, isOne]: Kind, [other, isOther]: Kind): Kind {
  return [`${one} or ${other}`, (value) => isOne(value) || isOther(value)]
}

/** Throws where a value is not what it has to be. */
export function check(name: string, value: unknown, [expected, fits]: Kind): void {
  if (fits(value)) return
  throw invalid(`Cannot use ${name} ${shown(name, value)}: it is not ${expected}. Pass one.`)
}

/** Throws where one of the options that are given is not what it has to be. */
export function checkEach(options: unknown, kinds: Kinds): void {
  check('options', options, anObject)
  for (const [name, kind] of Object.entries(kinds)) {
    const value = (options as Readonly<Record<string, unknown>>)[name]
    if (value !== undefined) check(name, value, kind)
  }
}

/** That a call was wrong. */
export function invalid(message: string): StreamError {
  return new StreamError('invalid-argument', message)
}

/** Of what may be a secret, or long, only what kind of thing it is. */
function shown(name: string, value: unknown): string {
  const type = typeof value
  if (type === 'string' && name !== 'headers') return JSON.stringify(value)
  const plain = value === null || ['number', 'boolean', 'undefined'].includes(type)
  if (plain) return String(value)
  // `Headers` says more than `object` does.
  const made = type === 'object' && (value as object).constructor
  return `of type ${made ? made.name : type}`
}
