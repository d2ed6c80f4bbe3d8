import { useLayoutEffect, useRef, type RefObject } from 'react'

// React warns of layout effects in a server render, where there is nothing to be newer than.
const useCommitEffect = typeof document === 'undefined' ? () => {} : useLayoutEffect

/** The value of the newest committed render: for callbacks that may change at each render and reopen nothing. */
export function useNewest<Value>(value: Value): RefObject<Value> {
  const newest = useRef(value)
  useCommitEffect(() => {
    newest.current = value
  })
  return newest
}
