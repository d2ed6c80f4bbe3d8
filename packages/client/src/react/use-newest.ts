import { useInsertionEffect, useRef, type RefObject } from 'react'

/** The value of the newest committed render: for callbacks that may change at each render and reopen nothing. */
export function useNewest<Value>(value: Value): RefObject<Value> {
  const newest = useRef(value)
  // Before every other effect of the same commit, so that those see it already.
  useInsertionEffect(() => {
    newest.current = value
  })
  return newest
}
