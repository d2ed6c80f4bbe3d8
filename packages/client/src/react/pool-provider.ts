import { createContext, createElement, useContext, type ReactElement, type ReactNode } from 'react'
import { checkPool } from '#development'
import { type Pool } from '../pool.ts'

const PoolContext = createContext<Pool | undefined>(undefined)

/**
 * Gives the hooks below it a pool; without one they use the default pool.
 *
 * @example
 * <PoolProvider pool={createPool({ linger: 5_000 })}>
 *   <App />
 * </PoolProvider>
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

export function usePool(): Pool | undefined {
  return useContext(PoolContext)
}
