import { signal, type ReadonlySignal } from '@preact/signals-core'
import type { Sighting } from '../../wire/channels.ts'

/** A sighting that has come, and who heard it. */
export interface Arrival extends Sighting {
  /** The channels whose readers heard it, each as often as it did. */
  readonly heardBy: readonly string[]
}

const KEPT = 50

const all = signal<readonly Arrival[]>([])

/** What has come, the newest first. */
export const arrivals: ReadonlySignal<readonly Arrival[]> = all

/** The reader of a channel has heard a sighting: the first one enters it, the others sign. */
export function hear(reader: string, sighting: Sighting): void {
  const known = all.peek().find(({ seq }) => seq === sighting.seq)
  const arrival = { ...sighting, heardBy: [...(known?.heardBy ?? []), reader] }
  const others = all.peek().filter((other) => other !== known)
  all.value = [arrival, ...others].toSorted((a, b) => b.seq - a.seq).slice(0, KEPT)
}
