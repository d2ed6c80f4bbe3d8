/** A page's Markdown, and the name of its file in the site, without `.html`. */
export interface Chapter {
  readonly source: string
  readonly name: string
}

/** Chapters that belong together. */
export interface Part {
  readonly title: string
  readonly chapters: readonly Chapter[]
}

const guides: Readonly<Record<string, readonly string[]>> = {
  'Begin here': ['quick-start', 'frameworks', 'testing', 'migrating'],
  'In the page': [
    'channels',
    'reconnecting',
    'auth',
    'token-streams',
    'high-rate',
    'tabs',
    'ssr',
    'errors',
  ],
  'On the server': ['server', 'hosts', 'redis', 'servers'],
}

const house = ['ARCHITECTURE', 'CONTRIBUTING', 'SECURITY', 'CHANGELOG']

/** The parts of the site, given the Markdown there is; a guide that no part names is in the last of them. */
export function contentsOf(guidesThere: readonly string[]): readonly Part[] {
  const named = Object.entries(guides).map(([title, names]) => ({
    title,
    chapters: names.filter((name) => guidesThere.includes(name)).map(guide),
  }))
  const known = Object.values(guides).flat()
  const others = guidesThere.filter((name) => !known.includes(name)).map(guide)
  return [
    ...named,
    {
      title: 'The house',
      chapters: [
        ...others,
        ...house.map((name) => ({ source: `${name}.md`, name: name.toLowerCase() })),
      ],
    },
  ]
}

/** The README is the first page. */
export const front: Chapter = { source: 'README.md', name: 'index' }

function guide(name: string): Chapter {
  return { source: `docs/${name}.md`, name }
}
