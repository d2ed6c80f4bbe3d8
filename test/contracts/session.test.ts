import { vi } from 'vitest'
import { carriers } from './session-carriers.ts'
import { sessionFacts } from './session-contract.ts'

// Megabytes take their time on a busy machine.
vi.setConfig({ testTimeout: 20_000 })

for (const carrier of carriers) sessionFacts(carrier)
