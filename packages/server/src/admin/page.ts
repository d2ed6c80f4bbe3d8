/* oxlint-disable max-lines -- it is one page */
// Written by packages/server/test/admin-page.ts, of what is in ./page/: change that.

/** The page, whole: nothing else is fetched but the stream. */
export const PAGE: string = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <meta name="robots" content="noindex" />
    <title>Streams</title>
    <link
      rel="icon"
      href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 48 48' fill='none' stroke-width='5' stroke-linecap='round'%3E%3Ccircle cx='24' cy='19' r='11' stroke='%235f8791'/%3E%3Cpath stroke='%230f93a8' d='M2 41c5.5-5 9.2-5 14.7 0s9.2 5 14.6 0 9.2-5 14.7 0'/%3E%3C/svg%3E"
    />
    <style>:root {
  color-scheme: light dark;
  --ground: light-dark(#eaf0f0, #091214);
  --panel: light-dark(#fbfdfc, #101c1f);
  --edge: light-dark(#d3dedf, #21343a);
  --well: light-dark(#f0f5f4, #16262a);
  --ink: light-dark(#10292f, #dfeaea);
  --soft: light-dark(#4c656b, #93abb0);
  --water: light-dark(#0b7285, #4cc3d4);
  --good: light-dark(#14693f, #5fd394);
  --warn: light-dark(#8a5a00, #f0b950);
  --bad: light-dark(#a8322a, #ff8f80);
  --button: light-dark(#ffffff, #1a2c31);
  --mono: ui-monospace, 'SF Mono', 'Cascadia Code', Menlo, Consolas, monospace;
}

*,
*::before,
*::after {
  box-sizing: border-box;
}

body {
  margin: 0 auto;
  max-width: 90rem;
  padding: clamp(0.75rem, 2.5vw, 2rem);
  background: var(--ground);
  color: var(--ink);
  font:
    0.875rem/1.45 system-ui,
    -apple-system,
    'Segoe UI',
    Roboto,
    sans-serif;
  font-variant-numeric: tabular-nums;
}

h1,
h2,
p,
dl,
dd {
  margin: 0;
}

header {
  display: flex;
  flex-wrap: wrap;
  gap: 0.5rem 1rem;
  align-items: center;
  margin-bottom: 1rem;
}

h1 {
  font-size: 1.375rem;
  letter-spacing: -0.015em;
}

.light::before {
  content: '';
  display: inline-block;
  width: 0.625rem;
  height: 0.625rem;
  margin-right: 0.375rem;
  border-radius: 50%;
  background: var(--soft);
}

.light[data-state='live'] {
  color: var(--good);
}

.light[data-state='live']::before {
  background: var(--good);
}

.light[data-state='lost'] {
  color: var(--bad);
}

.light[data-state='lost']::before {
  background: var(--bad);
}

.tools {
  display: flex;
  gap: 0.75rem;
  align-items: center;
  margin-left: auto;
}

a {
  color: var(--water);
}

button {
  font: inherit;
  color: inherit;
  padding: 0.3rem 0.75rem;
  border: 1px solid var(--edge);
  border-radius: 6px;
  background: var(--button);
  cursor: pointer;
}

button:disabled {
  color: var(--soft);
  background: none;
  cursor: default;
}

:focus-visible {
  outline: 2px solid var(--water);
  outline-offset: 2px;
}

.unseen {
  position: absolute;
  width: 1px;
  height: 1px;
  overflow: hidden;
  clip-path: inset(50%);
}

.figures {
  display: grid;
  grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr));
  gap: 0.75rem;
  margin-bottom: 1rem;
}

.figure,
.sheet {
  background: var(--panel);
  border: 1px solid var(--edge);
  border-radius: 10px;
}

.figure {
  position: relative;
  padding: 0.75rem 0.875rem;
  overflow: hidden;
}

.figure[hidden] {
  display: none;
}

dt {
  color: var(--soft);
}

[data-figure] {
  font-size: 1.5rem;
  font-weight: 650;
  letter-spacing: -0.02em;
  line-height: 1.25;
}

[data-figure='provider'][data-status='ready'] {
  color: var(--good);
}

[data-figure='provider'][data-status='away'] {
  color: var(--bad);
}

[data-figure='dropped'][data-some],
.some {
  color: var(--warn);
}

.remark {
  color: var(--soft);
  font-size: 0.8125rem;
  overflow-wrap: anywhere;
}

.trace {
  position: absolute;
  top: 0.75rem;
  right: 0.875rem;
  width: 3.5rem;
  height: 1.25rem;
}

.trace svg {
  display: block;
  width: 100%;
  height: 100%;
  overflow: visible;
}

.trace polyline {
  fill: none;
  stroke: var(--water);
  stroke-width: 1.5;
  stroke-linejoin: round;
  vector-effect: non-scaling-stroke;
}

.sheet {
  overflow: hidden;
}

table {
  width: 100%;
  border-collapse: collapse;
}

caption {
  padding: 0.75rem 0.875rem;
  text-align: left;
  font-weight: 650;
}

th,
td {
  padding: 0.4rem 0.875rem;
  text-align: left;
  vertical-align: top;
}

th {
  border-block: 1px solid var(--edge);
  background: var(--well);
  font-weight: 600;
  white-space: nowrap;
}

th button {
  padding: 0;
  border: 0;
  background: none;
  font-weight: inherit;
}

/* Its direction is told by aria-sort: the arrow is no part of its name. */
th button::after {
  content: '\\2195' / '';
  margin-left: 0.3rem;
  color: var(--soft);
  opacity: 0.5;
}

th[aria-sort='ascending'] button::after {
  content: '\\2191' / '';
  color: var(--water);
  opacity: 1;
}

th[aria-sort='descending'] button::after {
  content: '\\2193' / '';
  color: var(--water);
  opacity: 1;
}

td {
  border-top: 1px solid var(--edge);
  unicode-bidi: isolate;
  overflow-wrap: anywhere;
}

tbody tr:first-child td {
  border-top: 0;
}

td.channels,
td.address {
  font-family: var(--mono);
  font-size: 0.8125rem;
}

td.agent {
  color: var(--soft);
}

.agent span {
  display: -webkit-box;
  -webkit-box-orient: vertical;
  -webkit-line-clamp: 2;
  overflow: hidden;
}

.none {
  color: var(--soft);
  font-family: system-ui, sans-serif;
}

.note {
  padding: 0 0.875rem 0.875rem;
  color: var(--soft);
}

nav {
  display: flex;
  gap: 0.75rem;
  align-items: center;
  justify-content: space-between;
  padding: 0.75rem 0.875rem;
  border-top: 1px solid var(--edge);
}

nav[hidden] {
  display: none;
}

@media (width > 50rem) {
  th:first-child {
    min-width: 8rem;
  }

  th.agent {
    width: 32%;
  }

  .number {
    text-align: right;
    white-space: nowrap;
  }
}

/* A phone has no room for seven columns: each session becomes a card, and what sorts them a row of buttons. */
@media (width <= 50rem) {
  .figures {
    grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr));
  }

  table,
  thead,
  tbody,
  caption {
    display: block;
  }

  thead tr {
    display: flex;
    flex-wrap: wrap;
    gap: 0.25rem 1rem;
    padding: 0.5rem 0.875rem;
    border-block: 1px solid var(--edge);
    background: var(--well);
  }

  th {
    padding: 0.15rem 0;
    border: 0;
  }

  tbody tr {
    display: grid;
    grid-template-columns: 5.5rem 1fr;
    gap: 0.1rem 0.75rem;
    padding: 0.6rem 0.875rem;
    border-top: 1px solid var(--edge);
  }

  tbody tr:first-child {
    border-top: 0;
  }

  tbody td {
    display: grid;
    grid-column: 1 / -1;
    grid-template-columns: subgrid;
    padding: 0;
    border: 0;
  }

  tbody td::before {
    content: attr(data-label);
    color: var(--soft);
    font:
      0.8125rem/1.5 system-ui,
      sans-serif;
  }
}

@media print {
  .tools,
  nav {
    display: none;
  }
}
</style>
  </head>
  <body>
    <header>
      <h1>Streams</h1>
      <p class="light" role="status" data-state="connecting">Connecting</p>
      <p class="tools">
        <button type="button" id="pause" aria-pressed="false">Pause</button>
        <a id="json" href="#">JSON</a>
      </p>
    </header>
    <main>
      <noscript
        ><p class="note">
          This page needs scripts. What it shows is in status.json, too.
        </p></noscript
      >
      <section aria-labelledby="figures-heading">
        <h2 id="figures-heading" class="unseen">Figures</h2>
        <dl class="figures">
          <div class="figure">
            <dt>Sessions</dt>
            <dd data-figure="sessions">–</dd>
            <dd class="remark" data-remark="sessions">open now</dd>
          </div>
          <div class="figure">
            <dt>Published</dt>
            <dd data-figure="published">–</dd>
            <dd class="remark" data-remark="published">events</dd>
            <dd class="trace" aria-hidden="true">
              <svg viewBox="0 0 60 20" preserveAspectRatio="none">
                <polyline data-trace="published" />
              </svg>
            </dd>
          </div>
          <div class="figure">
            <dt>Delivered</dt>
            <dd data-figure="delivered">–</dd>
            <dd class="remark" data-remark="delivered">events</dd>
            <dd class="trace" aria-hidden="true">
              <svg viewBox="0 0 60 20" preserveAspectRatio="none">
                <polyline data-trace="delivered" />
              </svg>
            </dd>
          </div>
          <div class="figure">
            <dt>Dropped</dt>
            <dd data-figure="dropped">–</dd>
            <dd class="remark">with sessions that were let go</dd>
          </div>
          <div class="figure">
            <dt>Replay</dt>
            <dd data-figure="replay">–</dd>
            <dd class="remark" data-remark="replay">events</dd>
          </div>
          <div class="figure" id="provider" hidden>
            <dt>Provider</dt>
            <dd data-figure="provider">–</dd>
            <dd class="remark" data-remark="provider"></dd>
          </div>
          <div class="figure">
            <dt>Up for</dt>
            <dd data-figure="uptime">–</dd>
            <dd class="remark" data-remark="uptime">since the server was made</dd>
          </div>
        </dl>
      </section>
      <section class="sheet">
        <table role="table">
          <caption>
            Sessions
          </caption>
          <thead role="rowgroup">
            <tr role="row">
              <th role="columnheader" scope="col" data-sort="clientId">Client</th>
              <th role="columnheader" scope="col" data-sort="channels">Channels</th>
              <th role="columnheader" scope="col" data-sort="remoteAddress">Address</th>
              <th role="columnheader" scope="col" data-sort="userAgent" class="agent">
                User agent
              </th>
              <th role="columnheader" scope="col" data-sort="connectedAt" class="number">
                Connected
              </th>
              <th role="columnheader" scope="col" data-sort="sent" class="number">Sent</th>
              <th role="columnheader" scope="col" data-sort="backlog" class="number">Backlog</th>
            </tr>
          </thead>
          <tbody role="rowgroup"></tbody>
        </table>
        <p class="note" id="empty" hidden>Nobody is connected.</p>
        <nav aria-label="Pages of sessions" hidden>
          <button type="button" id="previous">Previous</button>
          <p id="range"></p>
          <button type="button" id="next">Next</button>
        </nav>
      </section>
    </main>
    <script type="module">// The program of the admin's page, in the browser. It is written into \`../page.ts\`, without its types, by
// \`packages/server/test/admin-page.ts\`: run that after every change. It imports nothing but types.

const LIMIT = 50
const SHOWN_CHANNELS = 6
// Seconds that a trace looks back.
const TRACE = 60
// Milliseconds until a stream that was refused is asked for again.
const RETRY = 5_000

const base = location.pathname.replace(/\\/?$/, '/')
const count = new Intl.NumberFormat('en')
const rate = new Intl.NumberFormat('en', { maximumFractionDigits: 1 })
const clock = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' })

let sort       = { key: 'connectedAt', descending: false }
let offset = 0
let source
let timer
let before
const traces                                              = { published: [], delivered: [] }

function find(selector        )              {
  const found = document.querySelector             (selector)
  if (!found) throw new Error(\`Cannot find \${selector} in the page.\`)
  return found
}

function write(element         , text        )       {
  if (element.textContent !== text) element.textContent = text
}

function show(name        , figure        , remark         )       {
  write(find(\`[data-figure=\${name}]\`), figure)
  if (remark !== undefined) write(find(\`[data-remark=\${name}]\`), remark)
}

function duration(milliseconds        )         {
  const seconds = Math.max(0, Math.floor(milliseconds / 1_000))
  const units                     = [
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
    .map(([unit, value]) => \`\${value} \${unit}\`)
    .join(' ')
}

function bytes(value        )         {
  const units = ['B', 'KiB', 'MiB', 'GiB']
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, value)) / 10))
  return \`\${rate.format(value / 1_024 ** power)} \${units[power]}\`
}

function query()         {
  const order = \`\${sort.descending ? '-' : ''}\${sort.key}\`
  return new URLSearchParams({
    offset: String(offset),
    limit: String(LIMIT),
    sort: order,
  }).toString()
}

function light(state                                           , text        )       {
  const element = find('.light')
  element.dataset['state'] = state
  write(element, text)
}

function open()       {
  close()
  find('#json').setAttribute('href', \`\${base}status.json?\${query()}\`)
  const opened = new EventSource(\`\${base}events?\${query()}\`)
  source = opened
  opened.addEventListener('status', ({ data }) => {
    light('live', 'Live')
    render(JSON.parse(String(data))               )
  })
  opened.addEventListener('error', () => {
    light('lost', 'Reconnecting')
    if (opened.readyState !== EventSource.CLOSED) return
    light('lost', 'Not let in, or not answered')
    timer = setTimeout(open, RETRY)
  })
}

function close()       {
  clearTimeout(timer)
  source?.close()
  source = undefined
}

function render(status             )       {
  // A server that was started anew counts anew.
  const last = before && before.startedAt === status.startedAt ? before : undefined
  const { sessions, replay, provider } = status
  show('sessions', count.format(sessions.total))
  for (const name of ['published', 'delivered']         ) {
    const span = last && (status.at - last.at) / 1_000
    const perSecond = last && span ? (status[name] - last[name]) / span : undefined
    const remark =
      perSecond === undefined
        ? 'events'
        : \`\${perSecond < 10 ? rate.format(perSecond) : count.format(Math.round(perSecond))} events/s\`
    show(name, count.format(status[name]), remark)
    if (perSecond !== undefined) trace(name, perSecond)
  }
  show('dropped', count.format(status.dropped))
  find('[data-figure=dropped]').toggleAttribute('data-some', status.dropped > 0)
  show(
    'replay',
    replay ? count.format(replay.count) : 'none',
    replay ? \`events, \${bytes(replay.bytes)}\` : 'kept, or it does not tell',
  )
  find('#provider').hidden = !provider
  if (provider) {
    find('[data-figure=provider]').dataset['status'] = provider.status
    const waiting = provider.waiting > 0 ? \`, \${count.format(provider.waiting)} publishes wait\` : ''
    const why = provider.error ? \`: \${provider.error}\` : ''
    show('provider', provider.status, \`for \${duration(status.at - provider.since)}\${waiting}\${why}\`)
  }
  show('uptime', duration(status.uptime), \`since \${clock.format(status.startedAt)}\`)
  document.title = \`\${count.format(sessions.total)} streams\`
  renderSessions(status)
  before = status
}

function trace(name                           , perSecond        )       {
  const values = traces[name]
  values.push(perSecond)
  if (values.length > TRACE) values.shift()
  const most = Math.max(1, ...values)
  const start = TRACE - values.length
  const points = values.map((value, index) => \`\${start + index + 1},\${19 - (value / most) * 18}\`)
  find(\`[data-trace=\${name}]\`).setAttribute('points', points.join(' '))
}

function renderSessions({ sessions, at }             )       {
  const { total, items } = sessions
  if (items.length === 0 && total > 0) {
    // The page that was looked at is no more.
    go(Math.floor((total - 1) / LIMIT) * LIMIT)
    return
  }
  const body = find('tbody')
  while (body.rows.length > items.length) body.deleteRow(-1)
  for (const [index, session] of items.entries()) {
    renderRow(body.rows[index] ?? newRow(body), session, at)
  }
  const [first, last] = [sessions.offset + 1, sessions.offset + items.length]
  const range = \`\${count.format(first)} to \${count.format(last)} of \${count.format(total)}\`
  write(find('caption'), total > items.length ? \`Sessions, \${range}\` : 'Sessions')
  const more = total - last
  write(find('#range'), more > 0 ? \`\${count.format(more)} more\` : range)
  find('#empty').hidden = total > 0
  find('nav').hidden = total <= items.length
  find('#previous').toggleAttribute('disabled', sessions.offset === 0)
  find('#next').toggleAttribute('disabled', more <= 0)
}

function newRow(body                         )                      {
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

function renderRow(row                     , session              , at        )       {
  const shown = session.channels.slice(0, SHOWN_CHANNELS)
  const more = session.channelCount - shown.length
  const channels = shown.join(', ') + (more > 0 ? \` and \${more} more\` : '')
  const texts                                    = [
    [session.clientId ?? 'unnamed', session.clientId === null],
    [channels || 'broadcasts only', session.channelCount === 0],
    [session.remoteAddress ?? 'unknown', session.remoteAddress === null],
    [session.userAgent ?? 'untold', session.userAgent === null],
    [\`\${duration(at - session.connectedAt)} ago\`, false],
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
  row.cells[1]?.setAttribute('title', session.channels.join('\\n'))
  row.cells[3]?.setAttribute('title', session.userAgent ?? '')
  row.cells[4]?.setAttribute('title', clock.format(session.connectedAt))
}

function go(to        )       {
  offset = Math.max(0, to)
  if (find('#pause').getAttribute('aria-pressed') === 'false') open()
}

function sortBy(key        )       {
  // What is counted is looked at from the top.
  const falling = key === 'sent' || key === 'backlog'
  const descending = sort.key === key ? !sort.descending : falling
  sort = { key, descending }
  for (const header of document.querySelectorAll             ('th')) {
    if (header.dataset['sort'] !== key) header.removeAttribute('aria-sort')
    else header.setAttribute('aria-sort', descending ? 'descending' : 'ascending')
  }
  go(0)
}

for (const header of document.querySelectorAll             ('th')) {
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
  const button = currentTarget
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
</script>
  </body>
</html>
`

/** The hashes that a Content-Security-Policy knows its script and its style by. */
export const SCRIPT_HASH: string = 'sha256-x81IlnNrHm1DzZnpGIX3i1cgmIcvFnK+4o7LNY5c+7M='
export const STYLE_HASH: string = 'sha256-qgYDP1Po5m0tmZa/Nfh7o3/2NJ0di9adjSC9Pi9Ng+0='
