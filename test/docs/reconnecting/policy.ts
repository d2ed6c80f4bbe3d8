// reconnecting/policy.ts
import { createPool } from 'millrace'

export const pool = createPool({
  retry: {
    initialDelay: 500, // then 1,000, 2,000, … each times a random part of it
    maxDelay: 20_000,
    maxRetries: 50,
    retryOn: (outcome) =>
      // The gateway answers 404 while it deploys.
      outcome.kind === 'status' && outcome.status === 404 ? true : undefined,
  },
})
