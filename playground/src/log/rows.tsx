import { useLayoutEffect, useRef, useState, type ReactElement } from 'react'
import type { Line } from '../../wire/log.ts'
import { formatTime } from '../format.ts'

/** Pixels. */
const ROW = 20

/** How many rows are in view. */
const VIEW = 24

interface RowsProps {
  readonly lines: readonly Line[]
  /** Whether they stand still, and can be scrolled; else the newest are in view. */
  readonly still: boolean
}

/** As many lines as you like: only those in view are elements. */
export function Rows({ lines, still }: RowsProps): ReactElement {
  const list = useRef<HTMLDivElement>(null)
  const bottom = Math.max(0, lines.length - VIEW)
  const [top, setTop] = useState(0)
  const first = still ? Math.min(top, bottom) : bottom

  // Who pauses sees what was there a moment ago.
  useLayoutEffect(() => {
    if (list.current === null) return
    list.current.scrollTop = still ? bottom * ROW : 0
  }, [still, bottom])

  return (
    <div
      ref={list}
      className="rows"
      role="log"
      // Five thousand lines a second are not to be read aloud.
      aria-live="off"
      aria-labelledby="log"
      tabIndex={0}
      style={{ height: VIEW * ROW, overflowY: still ? 'auto' : 'hidden' }}
      onScroll={({ currentTarget }) => {
        if (still) setTop(Math.floor(currentTarget.scrollTop / ROW))
      }}
    >
      <div style={{ height: still ? lines.length * ROW : VIEW * ROW }}>
        <ol style={{ translate: `0 ${still ? first * ROW : 0}px` }}>
          {lines.slice(first, first + VIEW + 1).map(({ seq, at, level, text }) => (
            <li key={seq} data-level={level} style={{ height: ROW }}>
              <span className="seq">{seq}</span> <time>{formatTime(at)}</time> <b>{level}</b> {text}
            </li>
          ))}
        </ol>
      </div>
    </div>
  )
}
