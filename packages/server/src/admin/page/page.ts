// The program of the admin's page, in the browser. It is written into `../page.ts`, without its types, by
// `packages/server/test/admin-page.ts`: run that after every change. It imports nothing but types.
import type { AdminSession, AdminStatus } from '../status.ts'

type Sort = { key: string; descending: boolean }

const LIMIT = 50
const SHOWN_CHANNELS = 6
// Seconds that a trace looks back.
const TRACE = 60
// Milliseconds until a stream that was refused is asked for again.
const RETRY = 5_000

const base = location.pathname.replace(/\/?$/, '/')
const count = new Intl.NumberFormat('en')
const rate = new Intl.NumberFormat('en', { maximumFractionDigits: 1 })
const clock = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' })

let sort: Sort = { key: 'connectedAt', descending: false }
let offset = 0
let source: EventSource | undefined
let timer: ReturnType<typeof setTimeout> | undefined
let before: AdminStatus | undefined
const traces: Record<'published' | 'delivered', number[]> = { published: [], delivered: [] }

function find(selector: string): HTMLElement {
  const found = document.querySelector<HTMLElement>(selector)
  if (!found) throw new Error(`Cannot find ${selector} in the page.`)
  return found
}

function write(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text
}

function show(name: string, figure: string, remark?: string): void {
  write(find(`[data-figure=${name}]`), figure)
  if (remark !== undefined) write(find(`[data-remark=${name}]`), remark)
}

function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1_000))
  const units: [string, number][] = [
    ['d', Math.floor(seconds / 86_400)],
    ['h', Math.floor(seconds / 3_600) % 24],
    ['min', Math.floor(seconds / 60) % 60],
    ['s', seconds % 60],
  ]
  const first = units.findIndex(([, value]) => value > 0)
  if (first === -1) return '0 s'
  return units
    .slice(first, first + 2)
    .filter(([, value]) => value > 0)
    .map(([unit, value]) => `${value} ${unit}`)
    .join(' ')
}

function bytes(value: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB']
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, value)) / 10))
  return `${rate.format(value / 1_024 ** power)} ${units[power]}`
}

function query(): string {
  const order = `${sort.descending ? '-' : ''}${sort.key}`
  return new URLSearchParams({
    offset: String(offset),
    limit: String(LIMIT),
    sort: order,
  }).toString()
}

function light(state: 'connecting' | 'live' | 'lost' | 'paused', text: string): void {
  const element = find('.light')
  element.dataset['state'] = state
  write(element, text)
}

function open(): void {
  close()
  find('#json').setAttribute('href', `${base}status.json?${query()}`)
  const opened = new EventSource(`${base}events?${query()}`)
  source = opened
  opened.addEventListener('status', ({ data }) => {
    light('live', 'Live')
    render(JSON.parse(String(data)) as AdminStatus)
  })
  opened.addEventListener('error', () => {
    light('lost', 'Reconnecting')
    if (opened.readyState !== EventSource.CLOSED) return
    light('lost', 'Not let in, or not answered')
    timer = setTimeout(open, RETRY)
  })
}

function close(): void {
  clearTimeout(timer)
  source?.close()
  source = undefined
}

function render(status: AdminStatus): void {
  // A server that was started anew counts anew.
  const last = before && before.startedAt === status.startedAt ? before : undefined
  const { sessions, replay, provider } = status
  show('sessions', count.format(sessions.total))
  for (const name of ['published', 'delivered'] as const) {
    const span = last && (status.at - last.at) / 1_000
    const perSecond = last && span ? (status[name] - last[name]) / span : undefined
    const remark =
      perSecond === undefined
        ? 'events'
        : `${perSecond < 10 ? rate.format(perSecond) : count.format(Math.round(perSecond))} events/s`
    show(name, count.format(status[name]), remark)
    if (perSecond !== undefined) trace(name, perSecond)
  }
  show('dropped', count.format(status.dropped))
  find('[data-figure=dropped]').toggleAttribute('data-some', status.dropped > 0)
  show(
    'replay',
    replay ? count.format(replay.count) : 'none',
    replay ? `events, ${bytes(replay.bytes)}` : 'kept, or it does not tell',
  )
  find('#provider').hidden = !provider
  if (provider) {
    find('[data-figure=provider]').dataset['status'] = provider.status
    const waiting = provider.waiting > 0 ? `, ${count.format(provider.waiting)} publishes wait` : ''
    const why = provider.error ? `: ${provider.error}` : ''
    show('provider', provider.status, `for ${duration(status.at - provider.since)}${waiting}${why}`)
  }
  show('uptime', duration(status.uptime), `since ${clock.format(status.startedAt)}`)
  document.title = `${count.format(sessions.total)} streams`
  renderSessions(status)
  before = status
}

function trace(name: 'published' | 'delivered', perSecond: number): void {
  const values = traces[name]
  values.push(perSecond)
  if (values.length > TRACE) values.shift()
  const most = Math.max(1, ...values)
  const start = TRACE - values.length
  const points = values.map((value, index) => `${start + index + 1},${19 - (value / most) * 18}`)
  find(`[data-trace=${name}]`).setAttribute('points', points.join(' '))
}

function renderSessions({ sessions, at }: AdminStatus): void {
  const { total, items } = sessions
  if (items.length === 0 && total > 0) {
    // The page that was looked at is no more.
    go(Math.floor((total - 1) / LIMIT) * LIMIT)
    return
  }
  const body = find('tbody') as HTMLTableSectionElement
  while (body.rows.length > items.length) body.deleteRow(-1)
  for (const [index, session] of items.entries()) {
    renderRow(body.rows[index] ?? newRow(body), session, at)
  }
  const [first, last] = [sessions.offset + 1, sessions.offset + items.length]
  const range = `${count.format(first)} to ${count.format(last)} of ${count.format(total)}`
  write(find('caption'), total > items.length ? `Sessions, ${range}` : 'Sessions')
  const more = total - last
  write(find('#range'), more > 0 ? `${count.format(more)} more` : range)
  find('#empty').hidden = total > 0
  find('nav').hidden = total <= items.length
  find('#previous').toggleAttribute('disabled', sessions.offset === 0)
  find('#next').toggleAttribute('disabled', more <= 0)
}

function newRow(body: HTMLTableSectionElement): HTMLTableRowElement {
  const row = body.insertRow()
  row.setAttribute('role', 'row')
  const kinds = ['', 'channels', 'address', 'agent', 'number', 'number', 'number']
  for (const [index, header] of [...document.querySelectorAll('th')].entries()) {
    const cell = row.insertCell()
    cell.setAttribute('role', 'cell')
    cell.dataset['label'] = header.textContent
    cell.className = kinds[index] ?? ''
    cell.append(document.createElement('span'))
  }
  return row
}

function renderRow(row: HTMLTableRowElement, session: AdminSession, at: number): void {
  const shown = session.channels.slice(0, SHOWN_CHANNELS)
  const more = session.channelCount - shown.length
  const channels = shown.join(', ') + (more > 0 ? ` and ${more} more` : '')
  const texts: [text: string, absent: boolean][] = [
    [session.clientId ?? 'unnamed', session.clientId === null],
    [channels || 'broadcasts only', session.channelCount === 0],
    [session.remoteAddress ?? 'unknown', session.remoteAddress === null],
    [session.userAgent ?? 'untold', session.userAgent === null],
    [`${duration(at - session.connectedAt)} ago`, false],
    [count.format(session.sent), false],
    [bytes(session.backlog), session.backlog === 0],
  ]
  for (const [index, [text, absent]] of texts.entries()) {
    const span = row.cells[index]?.firstElementChild
    if (!span) continue
    write(span, text)
    span.classList.toggle('none', absent)
  }
  row.cells[6]?.firstElementChild?.classList.toggle('some', session.backlog > 0)
  row.cells[1]?.setAttribute('title', session.channels.join('\n'))
  row.cells[3]?.setAttribute('title', session.userAgent ?? '')
  row.cells[4]?.setAttribute('title', clock.format(session.connectedAt))
}

function go(to: number): void {
  offset = Math.max(0, to)
  if (find('#pause').getAttribute('aria-pressed') === 'false') open()
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
  if (pausing) {
    close()
    light('paused', 'Paused')
  } else {
    light('connecting', 'Connecting')
    open()
  }
})

open()
