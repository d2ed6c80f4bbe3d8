// tabs/trace.ts
import { createPool } from 'millrace'
import { shareTabs } from 'millrace/tabs'

export const pool = createPool({
  tabs: shareTabs({ scope: 'ann' }),
  onTrace: ({ url, event, because }) => {
    // leads: free · follows: taken · alone: no-locks
    if (because !== undefined) console.debug(`${url} ${event}: ${because}`)
  },
})

/** Whether this tab is the one that has the connection. */
export const leads = () => pool.connections.value.some(({ tab }) => tab === 'leads')
