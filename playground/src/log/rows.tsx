import { useLayoutEffect, useRef, useState, type ReactElement } from 'react'
import type { Line } from '../../wire/log.ts'
import { formatTime } from '../format.ts'

/** Pixels. */
const ROW = 20

/** How many rows are in view. */
const VIEW = 24

interface RowsProps {
  readonly count: number
  /** Asked, and not given all: React's development build compares what it is given, to its depth, at every render. */
  readonly lineAt: (index: number) => Line | undefined
  /** Whether they stand still, and can be scrolled; else the newest are in view. */
  readonly still: boolean
}

/** As many lines as you like: only those in view are elements. */
export function Rows({ count, lineAt, still }: RowsProps): ReactElement {
  const list = useRef<HTMLDivElement>(null)
  const bottom = Math.max(0, count - VIEW)
  const [top, setTop] = useState(0)
  const first = still ? Math.min(top, bottom) : bottom

  const inView = Array.from({ length: VIEW + 1 }, (_, index) => lineAt(first + index))
  const seen = inView.filter((line) => line !== undefined)

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
      <div style={{ height: still ? count * ROW : VIEW * ROW }}>
        <ol style={{ translate: `0 ${still ? first * ROW : 0}px` }}>
          {seen.map(({ seq, at, level, text }) => (
            <li key={seq} data-level={level} style={{ height: ROW }}>
              <span className="seq">{seq}</span> <time>{formatTime(at)}</time> <b>{level}</b> {text}
            </li>
          ))}
        </ol>
      </div>
    </div>
  )
}
