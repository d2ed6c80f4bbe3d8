import { StreamError } from '../errors.ts'
import { text, type Decoder } from './decode.ts'
import { isSchema } from './standard-schema.ts'
import type { EventMap } from './stream.ts'

/** Throws on what decodes nothing. */
export function checkDecoders(events: EventMap = {}): void {
  for (const [type, decoder] of Object.entries(events)) {
    if (typeof decoder === 'function' || (Object(decoder) === decoder && isSchema(decoder)))
      continue
    throw new StreamError(
      'invalid-argument',
      `Cannot decode "${type}" events: the decoder is neither a function nor a Standard Schema. Say json(), text, a function, or a schema.`,
    )
  }
}

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
