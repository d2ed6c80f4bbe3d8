import { useEffect, useState, type ReactElement } from 'react'
import { useStore } from 'millrace/react'
import { levels, type Level, type Line } from '../../wire/log.ts'
import { formatCount } from '../format.ts'
import { Speed } from './books.tsx'
import { LINES_KEPT, lines, renders } from './log-stream.ts'
import { Rows } from './rows.tsx'

/** The log as it comes; paused, all that is kept can be read. What comes meanwhile is received all the same. */
export function LogView(): ReactElement {
  const events = useStore(lines)
  const [frozen, setFrozen] = useState<typeof events>()
  const [wanted, setWanted] = useState('')
  const [level, setLevel] = useState<Level>('debug')
  const paused = frozen !== undefined
  const matches = matcher(wanted, level)
  const kept = frozen ?? events
  const shown = kept.flatMap(({ data }) => (matches(data) ? [data] : []))
  useEffect(() => {
    renders.count += 1
  })
  return (
    <section className="panel log" aria-labelledby="log">
      <header>
        <h2 id="log">The log</h2>
        <Speed />
      </header>
      <div className="tools" role="group" aria-label="What is shown of the log">
        <button
          type="button"
          aria-pressed={paused}
          onClick={() => {
            setFrozen(paused ? undefined : events)
          }}
        >
          Pause
        </button>
        <label>
          Filter{' '}
          <input
            type="search"
            value={wanted}
            onChange={(event) => {
              setWanted(event.currentTarget.value)
            }}
          />
        </label>
        <LevelChoice level={level} onChoose={setLevel} />
        <p className="note">
          {formatCount(shown.length)} of the last {formatCount(LINES_KEPT)} lines.{' '}
          {paused ? 'Scroll to read.' : 'Pause to read.'}
        </p>
      </div>
      <Rows count={shown.length} lineAt={(index) => shown[index]} still={paused} />
    </section>
  )
}

interface LevelChoiceProps {
  readonly level: Level
  readonly onChoose: (level: Level) => void
}

function LevelChoice({ level, onChoose }: LevelChoiceProps): ReactElement {
  return (
    <label>
      Level{' '}
      <select
        value={level}
        onChange={(event) => {
          onChoose(event.currentTarget.value as Level)
        }}
      >
        {levels.map((name) => (
          <option key={name} value={name}>
            {name === 'error' ? name : `${name} and up`}
          </option>
        ))}
      </select>
    </label>
  )
}

function matcher(wanted: string, level: Level): (line: Line) => boolean {
  const text = wanted.trim().toLowerCase()
  const lowest = levels.indexOf(level)
  return (line) => levels.indexOf(line.level) >= lowest && line.text.toLowerCase().includes(text)
}
