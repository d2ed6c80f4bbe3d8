import { globSync, readFileSync } from 'node:fs'
import { basename, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { transformSync } from 'rolldown/experimental'
import { contentsOf, front, type Chapter } from './contents.ts'
import { documentOf, type LaidOut, type Navigation } from './layout.ts'
import { renderMarkdown, type RenderOptions } from './markdown.ts'
import { entriesOf, linksFrom, referenceOf } from './reference/reference.ts'
import { sectionsOf } from './search-index.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const read = (path: string): string => readFileSync(join(root, path), 'utf8')

interface SiteOptions {
  /** Where the playground is that serves the site, if one does. */
  readonly playground?: string
}

/** The files of the site, each by its name: pages, the index that is searched, the script, the style. */
export function buildSite({ playground }: SiteOptions = {}): ReadonlyMap<string, string> {
  const guides = globSync('docs/*.md', { cwd: root }).map((path) => basename(path, '.md'))
  const contents = contentsOf(guides.toSorted())
  const entries = entriesOf(root)

  const chapters = [front, ...contents.flatMap((part) => part.chapters)]
  const parts = [
    ...contents.map(({ title, chapters: own }) => ({ title, names: own.map(({ name }) => name) })),
    { title: 'Reference', names: entries.map(({ page }) => page) },
  ]
  const pages = new Map<string, LaidOut>()
  for (const chapter of chapters) {
    pages.set(chapter.name, lay(chapter.name, markdownOf(chapter), linksIn(chapter, chapters)))
  }
  for (const entry of entries) {
    const links = { resolve: (href: string) => href, linkTo: linksFrom(entry, entries) }
    pages.set(entry.page, lay(entry.page, referenceOf(entry), links))
  }

  const navigation: readonly Navigation[] = parts.map(({ title, names }) => ({
    title,
    pages: names.map((name) => ({ name, title: pages.get(name)?.title ?? name })),
  }))
  const sections = [...pages.values()].flatMap(({ name, title, html }) =>
    sectionsOf(name, title, html),
  )
  return new Map([
    ...[...pages.values()].map(
      (page) => [`${page.name}.html`, documentOf(page, { navigation, playground })] as const,
    ),
    ['search.json', JSON.stringify(sections)],
    ['page.js', transformSync('page.ts', read('docs/site/browser/page.ts')).code],
    ['style.css', read('docs/site/browser/style.css')],
    ['mark.svg', read('playground/src/mark.svg')],
  ])
}

/** A chapter's Markdown. Behind the list of changelogs comes what is in them, and what is to come. */
function markdownOf({ source }: Chapter): string {
  const text = read(source)
  if (source !== 'CHANGELOG.md') return text
  const coming = filesOf('.changeset/*.md').map((changeset) => {
    const [, packages = '', summary] = /^---\n([^]*?)---\n([^]*)$/.exec(changeset) ?? []
    const names = packages.match(/(?<=^').+(?=':)/gm)?.map((name) => `\`${name}\``)
    return `## To come: ${names?.join(', ')}\n${summary}`
  })
  const released = filesOf('packages/*/CHANGELOG.md').filter((log) => /^## /m.test(log))
  return [text, ...coming, ...released].join('\n\n')
}

function filesOf(pattern: string): readonly string[] {
  return globSync(pattern, { cwd: root }).toSorted().map(read)
}

function lay(name: string, markdown: string, options: RenderOptions): LaidOut {
  const { html, headings } = renderMarkdown(markdown, options)
  return { name, html, headings, title: headings[0]?.text ?? name }
}

/** Links of a chapter, to other chapters and within. */
function linksIn({ source }: Chapter, chapters: readonly Chapter[]): RenderOptions {
  return {
    resolve: (href) => {
      const [path = '', hash] = href.split('#')
      const anchor = hash === undefined ? '' : `#${hash}`
      if (path === '') return anchor
      const target = posix.join(posix.dirname(source), path)
      const chapter = chapters.find((one) => one.source === target)
      return chapter && `${chapter.name}.html${anchor}`
    },
  }
}
