import { useEffect, useState, type ReactElement } from 'react'

/** Milliseconds between two looks at the clock. */
const INTERVAL = 100

/** The seconds until a time, in milliseconds since the epoch. */
export function Countdown({ to }: { readonly to: number }): ReactElement {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => {
      setNow(Date.now())
    }, INTERVAL)
    return () => {
      clearInterval(timer)
    }
  }, [])
  return <>in {(Math.max(0, to - now) / 1_000).toFixed(1)} s</>
}
