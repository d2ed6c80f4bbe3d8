import { carriers } from './session-carriers.ts'
import { sessionFacts } from './session-contract.ts'

for (const carrier of carriers) sessionFacts(carrier)
