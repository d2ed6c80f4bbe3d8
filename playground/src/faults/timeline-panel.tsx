import type { ReactElement } from 'react'
import { useStore } from 'millrace/react'
import { State } from '../inspector/state.tsx'
import { clearTimeline, timeline, type Happening } from './timeline.ts'

/** What happened, to the millisecond, the newest first. */
export function TimelinePanel(): ReactElement {
  const all = useStore(timeline)
  return (
    <section className="panel timeline" aria-labelledby="timeline">
      <header>
        <h2 id="timeline">What happened</h2>
        <button type="button" onClick={clearTimeline}>
          Clear
        </button>
      </header>
      {/* The light in the corner is what is read aloud. */}
      <ol role="log" aria-live="off" aria-labelledby="timeline" tabIndex={0}>
        {all.map((happening) => (
          <Entry key={happening.id} {...happening} />
        ))}
        {all.length === 0 && <li className="note">Nothing yet. Press a button.</li>}
      </ol>
    </section>
  )
}

function Entry({ at, kind, what, why, status }: Happening): ReactElement {
  return (
    <li data-kind={kind}>
      <time dateTime={new Date(at).toISOString()}>{clockTime(at)}</time>
      <div>
        {kind === 'fault' ? <>You: {what}</> : <code>{what}</code>}
        {status !== undefined && <State status={status} />}
        {why !== '' && <p className="note">{why}</p>}
      </div>
    </li>
  )
}

const time = new Intl.DateTimeFormat('en', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hourCycle: 'h23',
})

function clockTime(at: number): string {
  return time.format(at)
}
