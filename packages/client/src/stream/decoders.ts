import { text, type Decoder } from './decode.ts'
import type { EventMap } from './stream.ts'

/** The decoder for a type; that for `'*'`, where there is one, for every type that has none of its own. */
export function decoderIn(events: EventMap | undefined, type: string): Decoder<unknown> {
  if (events === undefined) return text
  // A server may name its events as objects name their methods.
  const name = Object.hasOwn(events, type) ? type : '*'
  return (Object.hasOwn(events, name) ? events[name] : undefined) ?? text
}

/** The types of a map by name, `message` among them; `undefined` where it names none. */
export function namesIn(events: EventMap = {}): string[] | undefined {
  const names = Object.keys(events).filter((name) => name !== '*')
  return names.length === 0 ? undefined : [...names, 'message']
}
