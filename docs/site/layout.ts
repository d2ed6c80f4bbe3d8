import { escapeHtml } from './code.ts'
import type { Heading } from './markdown.ts'

/** A page, ready to be put into its document. */
export interface LaidOut {
  readonly name: string
  readonly title: string
  readonly html: string
  readonly headings: readonly Heading[]
}

/** What is beside every page: the pages of each part, with their titles. */
export interface Navigation {
  readonly title: string
  readonly pages: readonly { readonly name: string; readonly title: string }[]
}

/** What is around all pages. */
export interface Surroundings {
  readonly navigation: readonly Navigation[]
  /** Where the playground is that serves the site, if one does. */
  readonly playground: string | undefined
}

/** The document around a page. It links to what is beside it, so that it may stand anywhere. */
export function documentOf(page: LaidOut, { navigation, playground }: Surroundings): string {
  const back = playground === undefined ? '' : `<a class="back" href="${playground}">Playground</a>`
  const title = page.name === 'index' ? 'Millrace' : `${page.title} · Millrace`
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <meta name="description" content="${escapeHtml(summaryOf(page.html))}" />
    <title>${escapeHtml(title)}</title>
    <link rel="icon" type="image/svg+xml" href="mark.svg" />
    <link rel="stylesheet" href="style.css" />
    <script type="module" src="page.js"></script>
  </head>
  <body>
    <a class="skip" href="#content">Skip to the page</a>
    <header>
      <a class="home" href="index.html"><img src="mark.svg" alt="" width="28" height="28" />Millrace</a>
      <search>
        <input type="search" placeholder="Search" aria-label="Search the documentation" role="combobox"
          aria-expanded="false" aria-controls="found" aria-autocomplete="list" autocomplete="off" />
        <ol id="found" role="listbox" aria-label="Found" hidden></ol>
      </search>
      ${back}
      <button class="theme" aria-label="Change between light and dark" hidden>◐</button>
    </header>
    <details class="menu">
      <summary>Pages</summary>
      ${back}
      ${navigationOf(page, navigation)}
    </details>
    <nav class="side" aria-label="Pages">
      ${navigationOf(page, navigation)}
    </nav>
    <main id="content">
      ${contentsOf(page)}
      <article>
${page.html}
      </article>
      ${aroundOf(page, navigation)}
    </main>
    <nav class="page" aria-label="On this page">${headingsOf(page)}</nav>
  </body>
</html>
`
}

function navigationOf({ name }: LaidOut, navigation: readonly Navigation[]): string {
  return navigation
    .map(({ title, pages }) => {
      const items = pages.map((page) => {
        const current = page.name === name ? ' aria-current="page"' : ''
        return `<li><a href="${page.name}.html"${current}>${escapeHtml(page.title)}</a></li>`
      })
      return `<h2>${escapeHtml(title)}</h2><ul>${items.join('')}</ul>`
    })
    .join('\n      ')
}

/** The page before, and the page after. */
function aroundOf({ name }: LaidOut, navigation: readonly Navigation[]): string {
  const pages = navigation.flatMap((part) => part.pages)
  const at = pages.findIndex((page) => page.name === name)
  const links = linkTo(pages[at - 1], 'prev') + linkTo(pages[at + 1], 'next')
  return `<nav class="around" aria-label="Neighbours">${links}</nav>`
}

function linkTo(page: Navigation['pages'][number] | undefined, rel: 'prev' | 'next'): string {
  return page ? `<a rel="${rel}" href="${page.name}.html">${escapeHtml(page.title)}</a>` : ''
}

/** The headings of the page, where there is no place for them beside it. */
function contentsOf(page: LaidOut): string {
  const headings = headingsOf(page)
  return (
    headings && `<details class="contents"><summary>On this page</summary>${headings}</details>`
  )
}

function headingsOf({ headings }: LaidOut): string {
  const shown = headings.filter(({ level }) => level === 2 || level === 3)
  if (shown.length < 2) return ''
  const items = shown.map(
    ({ level, id, text }) =>
      `<li class="level-${level}"><a href="#${id}">${breakable(escapeHtml(text))}</a></li>`,
  )
  return `<h2>On this page</h2><ul>${items.join('')}</ul>`
}

/** A long name breaks between its words. */
function breakable(name: string): string {
  return name.replace(/(?<=[a-z])(?=[A-Z])/g, '<wbr>')
}

/** The first paragraph, as text. */
function summaryOf(html: string): string {
  const [, paragraph = ''] = /<p>([^]*?)<\/p>/.exec(html) ?? []
  return paragraph.replace(/<[^>]+>/g, '').replace(/\s+/g, ' ')
}
