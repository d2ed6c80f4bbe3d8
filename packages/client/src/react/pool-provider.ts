import { createElement, type ReactElement, type ReactNode } from 'react'
import { checkPool } from '#development'
import type { Pool } from '../pool.ts'
import { PoolContext } from './use-handle.ts'

/**
 * Gives the hooks below it a pool, for the URLs that they read; without one they use the default pool. Make it outside of
 * components: a pool of each render would open its streams anew.
 *
 * @example
 * const pool = createPool({ linger: 5_000 })
 * const page = (
 *   <PoolProvider pool={pool}>
 *     <App />
 *   </PoolProvider>
 * )
 */
export function PoolProvider({
  pool,
  children,
}: {
  readonly pool: Pool
  readonly children?: ReactNode
}): ReactElement {
  checkPool(pool)
  return createElement(PoolContext.Provider, { value: pool }, children)
}
