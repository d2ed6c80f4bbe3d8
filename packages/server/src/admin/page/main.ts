// The program of the admin's page, in the browser.
import type { AdminStatus } from '../status.ts'
import { find } from './element.ts'
import { showFigures } from './figures.ts'
import { formatCount } from './format.ts'
import { showSessions } from './sessions-table.ts'
import { StatusStream } from './status-stream.ts'

/** Sessions that are looked at together. */
const LIMIT = 50

let sort = { key: 'connectedAt', descending: false }
let offset = 0
const stream = new StatusStream(show)

function view(): URLSearchParams {
  const order = `${sort.descending ? '-' : ''}${sort.key}`
  return new URLSearchParams({ offset: String(offset), limit: String(LIMIT), sort: order })
}

function show(status: AdminStatus): void {
  const { total, items } = status.sessions
  showFigures(status)
  document.title = `${formatCount(total)} streams`
  // Those that were looked at are no more.
  if (items.length === 0 && total > 0) go(Math.floor((total - 1) / LIMIT) * LIMIT)
  else showSessions(status)
}

function go(to: number): void {
  offset = Math.max(0, to)
  if (find('#pause').getAttribute('aria-pressed') === 'false') stream.open(view())
}

function sortBy(key: string): void {
  // What is counted is looked at from the top.
  const falling = key === 'sent' || key === 'backlog'
  const descending = sort.key === key ? !sort.descending : falling
  sort = { key, descending }
  for (const header of document.querySelectorAll<HTMLElement>('th')) {
    if (header.dataset['sort'] !== key) header.removeAttribute('aria-sort')
    else header.setAttribute('aria-sort', descending ? 'descending' : 'ascending')
  }
  go(0)
}

for (const header of document.querySelectorAll<HTMLElement>('th')) {
  const button = document.createElement('button')
  button.type = 'button'
  button.textContent = header.textContent.trim()
  button.addEventListener('click', () => sortBy(header.dataset['sort'] ?? ''))
  header.replaceChildren(button)
  if (header.dataset['sort'] === sort.key) header.setAttribute('aria-sort', 'ascending')
}

find('#previous').addEventListener('click', () => go(offset - LIMIT))
find('#next').addEventListener('click', () => go(offset + LIMIT))
find('#pause').addEventListener('click', ({ currentTarget }) => {
  const button = currentTarget as HTMLButtonElement
  const pausing = button.getAttribute('aria-pressed') === 'false'
  button.setAttribute('aria-pressed', String(pausing))
  if (pausing) stream.pause()
  else stream.resume(view())
})

stream.open(view())
