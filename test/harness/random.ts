/** Chance that can be had again: the same numbers for the same seed (Mulberry32). */
export interface Random {
  /** A whole number below this. */
  readonly below: (bound: number) => number
  readonly pick: <Thing>(things: readonly Thing[]) => Thing
  /** Whether something happens that does so this often, from 0 to 1. */
  readonly chance: (often: number) => boolean
}

export function randomOf(seed: number): Random {
  let state = seed
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (bound: number): number => Math.floor(next() * bound)
  return {
    below,
    pick: (things) => {
      const at = below(things.length)
      const [thing] = things.slice(at, at + 1) as [(typeof things)[number]]
      return thing
    },
    chance: (often) => next() < often,
  }
}
