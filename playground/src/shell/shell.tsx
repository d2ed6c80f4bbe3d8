import type { ReactElement, ReactNode } from 'react'
import { pages, type PlaygroundPage } from '../../pages.ts'
import { StreamInspector } from '../inspector/stream-inspector.tsx'
import { pool, traceLog } from '../pool.ts'
import { Mark } from './mark.tsx'
import { StatusLight } from './status-light.tsx'

interface ShellProps {
  readonly page: PlaygroundPage
  readonly children: ReactNode
}

/** What every page has: the way to the others, its name, how its connections stand, and the inspector. */
export function Shell({ page, children }: ShellProps): ReactElement {
  return (
    <>
      <a className="skip" href="#content">
        Skip to the content
      </a>
      <header className="masthead">
        <a className="home" href="/" aria-label="Millrace, home">
          <Mark />
          <span>Millrace</span>
        </a>
        <Navigation current={page.path} />
        <StatusLight />
      </header>
      <main id="content" tabIndex={-1}>
        <div className="lede">
          <h1>{page.title}</h1>
          <p>{page.summary}</p>
        </div>
        {children}
        <StreamInspector pool={pool} log={traceLog} />
      </main>
      <footer>
        <p>The data is made up. The connections, and what you do to them, are real.</p>
        <a href="/admin">The market server’s admin page</a>
      </footer>
    </>
  )
}

/** Links, and nothing more: each page is a document of its own, and the browser knows how to go back. */
function Navigation({ current }: { readonly current: string }): ReactElement {
  return (
    <nav aria-label="Pages">
      <ul>
        {pages.map(({ path, name }) => (
          <li key={path}>
            <a href={path} aria-current={path === current ? 'page' : undefined}>
              {name}
            </a>
          </li>
        ))}
        <li>
          <a href="/docs/">Docs</a>
        </li>
      </ul>
    </nav>
  )
}
