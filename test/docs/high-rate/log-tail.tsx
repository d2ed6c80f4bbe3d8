// high-rate/log-tail.tsx
import { useStore } from 'millrace/react'
import { errors, lines } from './log.ts'

export function LogTail() {
  const shown = useStore(lines)
  return (
    <section>
      <h2>{useStore(errors)} errors</h2>
      <ol>
        {shown.map(({ data, lastEventId }) => (
          <li key={lastEventId}>{data}</li>
        ))}
      </ol>
    </section>
  )
}
