import { randomOf } from '../../harness/random.ts'

/** A stream whose every byte follows from this. */
export interface Script {
  readonly events: number
  /** How many event types there are; with `0`, no event is named. */
  readonly types: number
  /** The same seed gives the same events. */
  readonly seed: number
}

/** One event of a script. */
export interface ScriptedEvent {
  readonly type: string
  readonly data: string
}

/** Bytes of an event on the wire. */
const SIZE = 80

const LETTERS = 'abcdefghijklmnopqrstuvwxyz'.split('')

/** The name of an event type; all are equally long. */
export function typeOf(index: number): string {
  return `type-${String(index).padStart(4, '0')}`
}

/** The events: each 80 bytes on the wire, its data JSON with its number `n` from 1. */
export function* scripted({ events, types, seed }: Script): Generator<ScriptedEvent> {
  const random = randomOf(seed)
  for (let n = 1; n <= events; n += 1) {
    const type = types === 0 ? 'message' : typeOf(random.below(types))
    const head = types === 0 ? '' : `event: ${type}\n`
    const start = `{"n":${n},"text":"`
    const size = SIZE - `${head}data: ${start}"}\n\n`.length
    const text = Array.from({ length: size }, () => random.pick(LETTERS)).join('')
    yield { type, data: `${start}${text}"}` }
  }
}

/** An event as it is on the wire. */
export function wireOf({ type, data }: ScriptedEvent): string {
  return `${type === 'message' ? '' : `event: ${type}\n`}data: ${data}\n\n`
}
