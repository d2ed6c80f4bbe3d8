import { StrictMode, type ComponentType } from 'react'
import { createRoot } from 'react-dom/client'
import { notFound, pageAt, type PagePath } from '../pages.ts'
import { Shell } from './shell/shell.tsx'

interface PageModule {
  readonly Content: ComponentType
}

const contents: Readonly<Record<PagePath, () => Promise<PageModule>>> = {
  '/': () => import('./home/page.tsx'),
  '/market': () => import('./market/page.tsx'),
  '/channels': () => import('./channels/page.tsx'),
  '/tokens': () => import('./tokens/page.tsx'),
  '/log': () => import('./log/page.tsx'),
  '/tabs': () => import('./tabs/page.tsx'),
  '/faults': () => import('./faults/page.tsx'),
}

const place = document.querySelector('#page')
if (place === null) throw new Error('Cannot start: the page has no element #page.')
const page = pageAt(window.location.pathname)
const { Content } = page ? await contents[page.path]() : { Content: () => null }
createRoot(place).render(
  <StrictMode>
    <Shell page={page ?? notFound}>
      <Content />
    </Shell>
  </StrictMode>,
)
