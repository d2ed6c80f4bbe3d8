// ssr/client.tsx
import { hydrateRoot } from 'react-dom/client'
import { Page, type Snapshot } from './page.tsx'

const data = document.querySelector('#snapshot')?.textContent ?? ''
const snapshot = JSON.parse(data) as Snapshot
export const root = hydrateRoot(
  document.querySelector('main') as HTMLElement,
  <Page snapshot={snapshot} />,
)
