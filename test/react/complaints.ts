import { vi } from 'vitest'

/** From now on what is complained of is an error where it happens; `vi.restoreAllMocks` ends that. */
export function forbidComplaints(): void {
  vi.spyOn(console, 'error').mockImplementation((...args: unknown[]) => {
    throw new Error(`React or the page complained: ${args.map(String).join(' ')}`)
  })
}
