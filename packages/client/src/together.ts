import { batch } from '@preact/signals-core'
import { guarded } from './errors.ts'

/** Runs what changes signals as one change; a subscriber that throws is reported, after all the others have run. */
export function together(change: () => void): void {
  guarded(() => batch(change))
}
