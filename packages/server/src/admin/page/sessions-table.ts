import type { AdminSession, AdminStatus } from '../status.ts'
import { find, write } from './element.ts'
import { formatBytes, formatCount, formatDuration, formatTime } from './format.ts'

const SHOWN_CHANNELS = 6

/** Shows the sessions that are looked at, and how many there are. */
export function showSessions({ sessions, at }: AdminStatus): void {
  const { total, items, offset } = sessions
  const body = find('tbody') as HTMLTableSectionElement
  while (body.rows.length > items.length) body.deleteRow(-1)
  for (const [index, session] of items.entries()) {
    showRow(body.rows[index] ?? newRow(body), session, at)
  }
  const [first, last] = [offset + 1, offset + items.length]
  const range = `${formatCount(first)} to ${formatCount(last)} of ${formatCount(total)}`
  write(find('caption'), total > items.length ? `Sessions, ${range}` : 'Sessions')
  const more = total - last
  write(find('#range'), more > 0 ? `${formatCount(more)} more` : range)
  find('#empty').hidden = total > 0
  find('nav').hidden = total <= items.length
  find('#previous').toggleAttribute('disabled', offset === 0)
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

function showRow(row: HTMLTableRowElement, session: AdminSession, at: number): void {
  const shown = session.channels.slice(0, SHOWN_CHANNELS)
  const more = session.channelCount - shown.length
  const channels = shown.join(', ') + (more > 0 ? ` and ${more} more` : '')
  const texts: [text: string, absent: boolean][] = [
    [session.clientId ?? 'unnamed', session.clientId === null],
    [channels || 'broadcasts only', session.channelCount === 0],
    [session.remoteAddress ?? 'unknown', session.remoteAddress === null],
    [session.userAgent ?? 'untold', session.userAgent === null],
    [`${formatDuration(at - session.connectedAt)} ago`, false],
    [formatCount(session.sent), false],
    [formatBytes(session.backlog), session.backlog === 0],
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
  row.cells[4]?.setAttribute('title', formatTime(session.connectedAt))
}
