import { text, type Decoder } from './decode.ts'
import type { EventMap } from './stream.ts'

/** A map without what objects inherit: a server may name its events as objects name their methods. */
export function decodersIn(events: EventMap | undefined): EventMap | undefined {
  // What is a getter stays one: the next time it may say another decoder.
  return events && (Object.create(null, Object.getOwnPropertyDescriptors(events)) as EventMap)
}

/** The decoder for a type; that for `'*'`, where there is one, for every type that has none of its own. */
export function decoderIn(decoders: EventMap | undefined, type: string): Decoder<unknown> {
  return decoders?.[type] ?? decoders?.['*'] ?? text
}

/** The types of a map by name, `message` among them; `undefined` where it names none. */
export function namesIn(decoders: EventMap = {}): string[] | undefined {
  const names = Object.keys(decoders).filter((name) => name !== '*')
  return names.length === 0 ? undefined : [...names, 'message']
}
