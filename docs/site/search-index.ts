import { plain } from './markdown.ts'

/** A section of a page, as the search knows it. */
export interface Section {
  /** Where it is. */
  readonly href: string
  readonly page: string
  /** Its heading; of the beginning of a page, the page's. */
  readonly heading: string
  readonly text: string
}

/** The sections of a page: one for each heading. */
export function sectionsOf(name: string, title: string, html: string): readonly Section[] {
  return html.split(/(?=<h[123] id=")/).flatMap((part) => {
    const [, level, id, heading = ''] = /^<h([123]) id="([^"]+)">([^]*?)<\/h\1>/.exec(part) ?? []
    if (id === undefined) return []
    const body = part.slice(part.indexOf(`</h${level}>`) + 5)
    return [
      {
        href: `${name}.html${level === '1' ? '' : `#${id}`}`,
        page: title,
        heading: plain(heading.replace(/<a class="anchor"[^]*?<\/a>/, '')),
        text: plain(body.replace(/<button[^]*?<\/button>/g, ''))
          .replace(/\s+/g, ' ')
          .trim(),
      },
    ]
  })
}
