import { Marked, Renderer } from 'marked'
import { codeToHtml, escapeHtml } from './code.ts'

/** A heading, and where it is in its page. */
export interface Heading {
  readonly level: number
  readonly text: string
  readonly id: string
}

/** Markdown as HTML. */
export interface Rendered {
  readonly html: string
  readonly headings: readonly Heading[]
}

export interface RenderOptions {
  /** Where a link leads in the site; `undefined` where the site has no such page. */
  readonly resolve: (href: string) => string | undefined
  /** Where a word of a signature leads. */
  readonly linkTo?: ((word: string) => string | undefined) | undefined
}

/** Turns Markdown into HTML: headings with ids, coloured code, tables that scroll, links that lead somewhere. */
export function renderMarkdown(markdown: string, { resolve, linkTo }: RenderOptions): Rendered {
  const headings: Heading[] = []
  const taken = new Map<string, number>()
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth: level }) {
        const html = this.parser.parseInline(tokens)
        const text = plain(html)
        const id = unique(slugOf(text), taken)
        headings.push({ level, text, id })
        const anchor = `<a class="anchor" href="#${id}" aria-label="${escapeHtml(text)}: link to this heading">#</a>`
        return `<h${level} id="${id}">${html}${level === 1 ? '' : anchor}</h${level}>\n`
      },
      code({ text: code, lang }) {
        const [language = '', kind] = (lang ?? '').split(' ')
        const isSignature = kind === 'signature'
        const html = codeToHtml(code, language, isSignature ? linkTo : undefined)
        const copy = isSignature || language === '' ? '' : '<button class="copy">Copy</button>'
        return `<div class="code${isSignature ? ' signature' : ''}">${copy}<pre tabindex="0"><code>${html}</code></pre></div>\n`
      },
      table(token) {
        const table = Renderer.prototype.table.call(this, token)
        return `<div class="table" tabindex="0" role="region" aria-label="Table">${table}</div>\n`
      },
      link({ href, tokens }) {
        const text = this.parser.parseInline(tokens)
        if (/^https?:/.test(href)) return `<a href="${escapeHtml(href)}">${text}</a>`
        const to = resolve(href)
        // A file of the repository, which the site has not.
        return to === undefined
          ? `<span class="file">${text}</span>`
          : `<a href="${escapeHtml(to)}">${text}</a>`
      },
    },
  })
  return { html: marked.parse(markdown, { async: false }), headings }
}

/** The id of a heading, as GitHub makes it. */
function slugOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-')
}

/** What stands for a character: `marked` and the highlighter write the apostrophe each in their way. */
const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  '#x27': "'",
}

/** HTML without its tags, as text. */
export function plain(html: string): string {
  const text = html.replace(/<[^>]+>/g, '')
  return text.replace(/&([^&\s;]+);/g, (whole, name: string) => entities[name] ?? whole)
}

function unique(slug: string, taken: Map<string, number>): string {
  const count = taken.get(slug) ?? 0
  taken.set(slug, count + 1)
  return count === 0 ? slug : `${slug}-${count}`
}
