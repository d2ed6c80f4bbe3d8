import * as React from 'react'
import type { Wrap } from '../delivery.ts'

/**
 * React's `act`, with its environment switched on for as long as it runs.
 *
 * Where the environment is `false`, somebody has switched `act` off (Testing Library does so while it waits), and it
 * stays off. What somebody makes of it meanwhile comes into force when `act` is over.
 */
export const inAct: Wrap = async (deliver) => {
  // An event handler runs in a synchronous `act`; one that is asynchronous must not begin before that has ended.
  if (isActing()) await Promise.resolve()
  if (Reflect.get(globalThis, ENVIRONMENT) === false) return deliver()
  const switchBack = switchOn()
  try {
    await React.act(deliver)
  } finally {
    switchBack()
  }
}

const ENVIRONMENT = 'IS_REACT_ACT_ENVIRONMENT'

/** Whether somebody who switches it off has seen it on by our doing: then they switch it on again when they are done. */
let isBorrowed = false

function switchOn(): () => void {
  const found: unknown = Reflect.get(globalThis, ENVIRONMENT)
  const before = isBorrowed && found === true ? undefined : found
  isBorrowed = false
  let after = before
  const define = (how: PropertyDescriptor): void => {
    Object.defineProperty(globalThis, ENVIRONMENT, { ...how, configurable: true, enumerable: true })
  }
  // Switched off, React would warn of what it renders in this very `act`.
  define({ get: () => true, set: (value: unknown) => (after = value) })
  return () => {
    isBorrowed = after === false && before !== true
    define({ value: after, writable: true })
  }
}

interface Internals {
  readonly __CLIENT_INTERNALS_DO_NOT_USE_OR_WARN_USERS_THEY_CANNOT_UPGRADE?: {
    readonly actQueue?: unknown
  }
  readonly __SECRET_INTERNALS_DO_NOT_USE_OR_YOU_WILL_BE_FIRED?: {
    readonly ReactCurrentActQueue?: { readonly current?: unknown }
  }
}

// React says it nowhere else: the first is the name of React 19, the second that of React 18.
function isActing(): boolean {
  const {
    __CLIENT_INTERNALS_DO_NOT_USE_OR_WARN_USERS_THEY_CANNOT_UPGRADE: internals,
    __SECRET_INTERNALS_DO_NOT_USE_OR_YOU_WILL_BE_FIRED: former,
  } = React as Internals
  return (internals?.actQueue ?? former?.ReactCurrentActQueue?.current ?? null) !== null
}
