import hljs from 'highlight.js'

const languages: Readonly<Record<string, string>> = {
  ts: 'typescript',
  tsx: 'typescript',
  svelte: 'xml',
  vue: 'xml',
  sh: 'bash',
  nginx: 'nginx',
}

/** Code as HTML, coloured where its language is known; words that `linkTo` knows are links. */
export function codeToHtml(
  code: string,
  language: string,
  linkTo: (word: string) => string | undefined = () => undefined,
): string {
  const known = languages[language]
  const html = known
    ? hljs.highlight(code, { language: known, ignoreIllegals: true }).value
    : escapeHtml(code)
  return html.replace(/<[^>]+>|\b[A-Z]\w+/g, (word) => {
    const href = linkTo(word)
    return href === undefined ? word : `<a href="${href}">${word}</a>`
  })
}

export function escapeHtml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character)
}
