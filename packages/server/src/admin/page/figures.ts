import type { AdminStatus } from '../status.ts'
import { find, write } from './element.ts'
import { formatBytes, formatCount, formatDuration, formatRate, formatTime } from './format.ts'
import { trace } from './trace.ts'

let before: AdminStatus | undefined

/** Shows the numbers above the table. */
export function showFigures(status: AdminStatus): void {
  const { sessions, dropped, replay, provider, uptime, startedAt } = status
  show('sessions', formatCount(sessions.total))
  showFlow('published', status)
  showFlow('delivered', status)
  show('dropped', formatCount(dropped))
  find('[data-figure=dropped]').toggleAttribute('data-some', dropped > 0)
  if (replay) show('replay', formatCount(replay.count), `events, ${formatBytes(replay.bytes)}`)
  else show('replay', 'none', 'kept, or it does not tell')
  find('#provider').hidden = !provider
  if (provider) showProvider(provider, status.at)
  show('uptime', formatDuration(uptime), `since ${formatTime(startedAt)}`)
  before = status
}

function show(name: string, figure: string, remark?: string): void {
  write(find(`[data-figure=${name}]`), figure)
  if (remark !== undefined) write(find(`[data-remark=${name}]`), remark)
}

/** A count, and how fast it grows. */
function showFlow(name: 'published' | 'delivered', status: AdminStatus): void {
  // A server that was started anew counts anew.
  const last = before?.startedAt === status.startedAt ? before : undefined
  const seconds = last && (status.at - last.at) / 1_000
  const perSecond = last && seconds ? (status[name] - last[name]) / seconds : undefined
  const remark = perSecond === undefined ? 'events' : `${formatRate(perSecond)} events/s`
  show(name, formatCount(status[name]), remark)
  if (perSecond !== undefined) trace(name, perSecond)
}

function showProvider(provider: NonNullable<AdminStatus['provider']>, at: number): void {
  const { status, since, waiting, error } = provider
  find('[data-figure=provider]').dataset['status'] = status
  const queue = waiting > 0 ? `, ${formatCount(waiting)} publishes wait` : ''
  const why = error ? `: ${error}` : ''
  show('provider', status, `for ${formatDuration(at - since)}${queue}${why}`)
}
