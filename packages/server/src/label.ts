import { covers, ROOT } from './channel.ts'

/**
 * Who gets `channel@id` instead of the bare id: `'auto'` labels what a session that hears several channels could not
 * tell apart, `true` labels everything, `false` nothing.
 *
 * @example
 * createEventServer({ labels: false }) // plain ids for everyone
 */
export type Labels = 'auto' | boolean

/**
 * The label of an event for a session, without its `@`; `undefined` where the id goes out bare.
 *
 * @example
 * labelFor(['pets'], ['pets/dogs'], 'auto') // 'pets/dogs'
 */
export function labelFor(
  own: readonly string[],
  published: readonly string[],
  labels: Labels,
): string | undefined {
  if (labels === false) return undefined
  const heard = published.filter((channel) => own.some((name) => covers(name, channel)))
  if (labels === 'auto' && !ambiguous(own, heard)) return undefined
  return heard.map(escape).join(',')
}

// One channel of its own tells a session nothing new; a child's name, or which of several, does.
function ambiguous(own: readonly string[], heard: readonly string[]): boolean {
  return own.length > 1 || own[0] === ROOT || heard.some((channel) => channel !== own[0])
}

function escape(channel: string): string {
  return channel.replace(/[%,@]/g, (sign) => encodeURIComponent(sign))
}

/**
 * The bare id of a cursor: everything before the first `@` is the label.
 *
 * @example
 * stripLabel('pets/dogs@17') // '17'
 */
export function stripLabel(cursor: string): string {
  return cursor.slice(cursor.indexOf('@') + 1)
}
