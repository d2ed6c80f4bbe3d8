/**
 * The same text, for a `Map` to keep as a key: a part of a text may hold on to all of it, here to a whole chunk of the
 * stream, and the name of a property does not.
 */
export function ownText(text: string): string {
  const [name = text] = Object.keys({ [text]: true })
  return name
}
