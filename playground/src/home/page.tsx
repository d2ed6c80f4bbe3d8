import type { ReactElement } from 'react'
import { pages, type PagePath } from '../../pages.ts'
import { News } from './news.tsx'

/** What to do on each page. */
const tries: Readonly<Record<Exclude<PagePath, '/'>, string>> = {
  '/market': 'Drop the connection, and see that no price is missed.',
  '/channels':
    'Read pets, and then a channel below it: the connection asks for no more than it did.',
  '/tokens': 'Have an answer break off in the middle, then send it again.',
  '/log': 'Drop the connection at full speed: the count of missed lines stays at zero.',
  '/tabs': 'Open it in a second tab, then close the one that leads.',
  '/faults': 'Send half an event and then nothing more.',
}

/** What the playground shows, and where. */
export function Content(): ReactElement {
  return (
    <>
      <News />
      <ul className="cards">
        {pages.map(
          ({ path, title, summary }) =>
            path !== '/' && (
              <li key={path} className="panel card">
                <h2>
                  <a href={path}>{title}</a>
                </h2>
                <p>{summary}</p>
                <p className="note">Try this: {tries[path]}</p>
              </li>
            ),
        )}
      </ul>
    </>
  )
}
