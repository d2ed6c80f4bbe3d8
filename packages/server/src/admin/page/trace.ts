import { find } from './element.ts'

/** Seconds that a trace looks back. */
const SPAN = 60

const values: Record<'published' | 'delivered', number[]> = { published: [], delivered: [] }

/** Draws how fast it goes, behind how fast it went. */
export function trace(name: keyof typeof values, perSecond: number): void {
  const seen = values[name]
  seen.push(perSecond)
  if (seen.length > SPAN) seen.shift()
  const most = Math.max(1, ...seen)
  const start = SPAN - seen.length
  const points = seen.map((value, index) => `${start + index + 1},${19 - (value / most) * 18}`)
  find(`[data-trace=${name}]`).setAttribute('points', points.join(' '))
}
