import * as React from 'react'
import type { Wrap } from '../delivery.ts'

/**
 * React's `act`, with its environment switched on for as long as it runs.
 *
 * Where the environment is `false`, somebody has switched `act` off (Testing Library does so while it waits), and it
 * stays off. What somebody makes of it meanwhile stays, too.
 */
export const inAct: Wrap = async (deliver) => {
  // An event handler runs in a synchronous `act`; one that is asynchronous must not begin before that has ended.
  if (isActing()) await Promise.resolve()
  const environment = globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean | undefined }
  const before = environment.IS_REACT_ACT_ENVIRONMENT
  if (before === false) return deliver()
  environment.IS_REACT_ACT_ENVIRONMENT = true
  try {
    await React.act(deliver)
  } finally {
    if (environment.IS_REACT_ACT_ENVIRONMENT) environment.IS_REACT_ACT_ENVIRONMENT = before
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
