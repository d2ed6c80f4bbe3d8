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
  {
    path: '/channels',
    name: 'Channels',
    title: 'Channels in a tree',
    summary:
      'Choose what is read. However many channels that is, one connection asks for them all, and a channel holds those below it.',
  },
  {
    path: '/tokens',
    name: 'Tokens',
    title: 'An answer, token by token',
    summary:
      'A POST whose answer is a stream with an end. It is sent once: what breaks off is shown as broken off, and only you send it again.',
  },
  {
    path: '/log',
    name: 'Log',
    title: 'Five thousand lines a second',
    summary:
      'A log as it is written. Every line is received and counted; what is on the screen changes once a frame.',
  },
  {
    path: '/tabs',
    name: 'Tabs',
    title: 'One connection for all tabs',
    summary:
      'Open this page as often as you like: the tabs hold one connection, and when the one that has it closes or hangs, another goes on.',
  },
  {
    path: '/faults',
    name: 'Faults',
    title: 'Failure lab',
    summary:
      'Everything that networks and servers do to a stream, each at a button, and what the client makes of it, as it happens.',
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
