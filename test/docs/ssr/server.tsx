// ssr/server.tsx
import { renderToString } from 'react-dom/server'
import { Page } from './page.tsx'
import { snapshot } from './prices.ts'

export function render(): string {
  const seen = snapshot()
  const data = JSON.stringify(seen).replaceAll('<', '\\u003c')
  return `<main>${renderToString(<Page snapshot={seen} />)}</main>
<script type="application/json" id="snapshot">${data}</script>`
}
