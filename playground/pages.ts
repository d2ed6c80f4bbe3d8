/** A page of the playground. */
export interface PlaygroundPage {
  readonly path: string
  /** In the navigation. */
  readonly name: string
  /** Its heading. */
  readonly title: string
  /** What it shows, in a sentence. */
  readonly summary: string
}

/** The pages, in the order of the navigation. */
export const pages = [
  {
    path: '/',
    name: 'Home',
    title: 'One stream drives many wheels',
    summary:
      'Millrace is Server-Sent Events for web apps, whole. Here it is at work: each page is one thing that it does, live, and everything can be broken.',
  },
  {
    path: '/market',
    name: 'Market',
    title: 'Market board',
    summary:
      'A hundred React cells, the news, a signals widget and a Svelte component, all driven by one stream of events.',
  },
] as const satisfies readonly PlaygroundPage[]

export type PagePath = (typeof pages)[number]['path']

/** What is shown where there is no page. */
export const notFound: PlaygroundPage = {
  path: '',
  name: 'Not found',
  title: 'There is no such page',
  summary: 'The stream does not run here. Choose a page above.',
}

/** The page at a path; a slash at its end makes no difference. */
export function pageAt(pathname: string): (typeof pages)[number] | undefined {
  const path = pathname.replace(/(?<=.)\/$/, '')
  return pages.find((page) => page.path === path)
}
