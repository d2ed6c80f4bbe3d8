import { covers, ROOT } from './channel.ts'

/**
 * Who gets `channel@id` instead of the bare id: `true` labels everything, `false` nothing; `'auto'` decides for each
 * event and session: a session that holds one channel gets that channel's own events bare, its children's labelled;
 * one that holds several, or the root, gets everything labelled; an id that has an `@` of its own is always labelled.
 *
 * @example
 * createEventServer({ labels: false }) // plain ids for everyone
 */
export type Labels = 'auto' | boolean

/** An id on its way to a session. */
export interface Labelling {
  /** The session's channels. */
  readonly own: readonly string[]
  readonly published: readonly string[]
  readonly id: string
  readonly labels: Labels
}

/**
 * The label of an event for a session, without its `@`; `undefined` where the id goes out bare.
 *
 * @example
 * labelFor({ own: ['pets'], published: ['pets/dogs'], id: '17', labels: 'auto' }) // 'pets/dogs'
 */
export function labelFor({ own, published, id, labels }: Labelling): string | undefined {
  if (labels === false) return undefined
  const heard = published.filter((channel) => own.some((name) => covers(name, channel)))
  // What stands before an `@` would pass for a label.
  const bare = labels === 'auto' && !id.includes('@') && !ambiguous(own, heard)
  if (bare) return undefined
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

/** The channels that a cursor's label names, none of a broadcast, and its bare id; no label where there is no `@`. */
export function parseLabel(cursor: string): {
  readonly label: readonly string[] | undefined
  readonly id: string
} {
  const end = cursor.indexOf('@')
  if (end === -1) return { label: undefined, id: cursor }
  const names = cursor.slice(0, end)
  return { label: names === '' ? [] : names.split(',').map(unescape), id: cursor.slice(end + 1) }
}

function unescape(channel: string): string {
  return channel.replace(/%(?:25|2C|40)/g, (code) => decodeURIComponent(code))
}
