/** What a doc comment says. */
export interface DocComment {
  /** All before the first tag, as Markdown. */
  readonly text: string
  readonly params: readonly { readonly name: string; readonly text: string }[]
  readonly examples: readonly string[]
}

/** Reads the inside of a doc comment, without its slashes. */
export function parseDocComment(comment: string): DocComment {
  const lines = comment
    .replace(/^\*/, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').trimEnd())
  const [text = '', ...tags] = lines.join('\n').trim().split(/^@/m)
  const params: { name: string; text: string }[] = []
  const examples: string[] = []
  for (const tag of tags) {
    const [, name, rest = ''] = /^(\w+)\s*([^]*)$/.exec(tag.trim()) ?? []
    const [, param = '', what = ''] = /^(\S+)\s+([^]*)$/.exec(rest) ?? []
    if (name === 'param') params.push({ name: param, text: withoutLinks(what) })
    else if (name === 'example') examples.push(rest)
  }
  return { text: withoutLinks(text.trim()), params, examples }
}

/** `{@link name}` as code. */
function withoutLinks(text: string): string {
  return text.replace(/\{@link (\S+?)\}/g, '`$1`')
}
