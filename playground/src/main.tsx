import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'

const page = document.querySelector('#page')
if (page === null) throw new Error('Cannot start: the page has no element #page.')
createRoot(page).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
