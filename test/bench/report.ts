/** One run of one contestant in one scenario. */
export interface Result<Outcome> {
  readonly scenario: string
  readonly variant: string
  readonly round: number
  readonly outcome: Outcome
}

/** What is wanted, and what was found. */
export interface Goal {
  readonly goal: string
  readonly found: string
  readonly met: boolean
}

/** A scenario and a contestant. */
export type Kind = readonly [scenario: string, variant: string]

/** What is looked at of an outcome. */
export type Figure<Outcome> = (outcome: Outcome) => number

/** What a contestant's runs of a scenario gave, in the order of the rounds. */
export function outcomesOf<Outcome>(
  results: readonly Result<Outcome>[],
  [scenario, variant]: Kind,
): readonly Outcome[] {
  return results
    .filter((result) => result.scenario === scenario && result.variant === variant)
    .toSorted((a, b) => a.round - b.round)
    .map(({ outcome }) => outcome)
}

/** The median of the ratios of each round, in which the two ran one soon after the other. */
export function ratioOf<Outcome>(
  results: readonly Result<Outcome>[],
  one: Kind,
  other: Kind,
  figure: Figure<Outcome>,
): number {
  const others = outcomesOf(results, other).map(figure)
  const ones = outcomesOf(results, one).map(figure)
  return medianOf(ones.map((value, round) => value / (others[round] ?? Number.NaN)))
}

/** The one in the middle, or between the two in the middle; `NaN` of nothing. */
export function medianOf(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  return (
    ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2
  )
}

/** The lowest and the highest. */
export function spreadOf(numbers: readonly number[], digits: number): string {
  return `${Math.min(...numbers).toFixed(digits)} … ${Math.max(...numbers).toFixed(digits)}`
}

/** A table, its first column to the left and the others to the right; columns with nothing in them are left out. */
export function textTable(
  title: string,
  heads: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const columns = heads
    .map((head, column) => [head, ...rows.map((row) => row[column] ?? '')])
    .filter(([, ...cells]) => cells.some((cell) => cell !== ''))
    .map((cells, column) => aligned(cells, column === 0 ? 'padEnd' : 'padStart'))
  const lines = [heads, ...rows].map((_, line) => columns.map((cells) => cells[line]).join('   '))
  return [title, ...lines].join('\n')
}

function aligned(cells: readonly string[], side: 'padEnd' | 'padStart'): readonly string[] {
  const width = Math.max(...cells.map(({ length }) => length))
  return cells.map((cell) => cell[side](width))
}

/** What is held to, from below. */
export function atLeast(least: number, what: string, found: number, unit = '×'): Goal {
  return {
    goal: `${what}: at least ${least} ${unit}`,
    found: found.toFixed(2),
    met: found >= least,
  }
}

/** What is held to, from above. */
export function atMost(bound: number, what: string, found: number, unit = '×'): Goal {
  return {
    goal: `${what}: at most ${bound} ${unit}`,
    found: found.toFixed(2),
    met: found <= bound,
  }
}

/** The goals, a line each. */
export function goalsTable(goals: readonly Goal[]): string {
  return goals
    .map(({ goal, found, met }) => `${met ? 'met   ' : 'MISSED'} ${goal} (${found})`)
    .join('\n')
}

/** A whole number, its thousands apart. */
export function whole(value: number): string {
  return Math.round(value).toLocaleString('en')
}
