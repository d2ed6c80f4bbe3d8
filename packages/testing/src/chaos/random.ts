/** Numbers from 0 up to 1, the same for the same seeds (Mulberry32). */
export function randomOf(...seeds: readonly number[]): () => number {
  let state = 0
  for (const seed of seeds) state = mix(state ^ seed)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    return mix(state) / 2 ** 32
  }
}

function mix(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 15), 1 | value)
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
  return (mixed ^ (mixed >>> 14)) >>> 0
}
