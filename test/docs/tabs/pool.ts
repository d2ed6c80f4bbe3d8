// tabs/pool.ts
import { createPool, setDefaultPool } from 'millrace'
import { shareTabs } from 'millrace/tabs'

export const tabs = shareTabs({ scope: undefined }) // nobody has logged in yet

setDefaultPool(createPool({ tabs }))
