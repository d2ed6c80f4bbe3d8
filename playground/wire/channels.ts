/** The channels that there is something to read on; each is below the one whose path it begins with. */
export const channels = [
  'pets',
  'pets/dogs',
  'pets/dogs/corgis',
  'pets/cats',
  'pets/birds',
  'petshop',
] as const

export type PetChannel = (typeof channels)[number]

/** The payload of a `sighting` event. */
export interface Sighting {
  /** Counts the sightings. */
  readonly seq: number
  /** Where it was published; nowhere if it is a broadcast. */
  readonly channel: PetChannel | undefined
  readonly text: string
}
