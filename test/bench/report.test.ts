import { expect, test } from 'vitest'
import { atLeast, atMost, goalsTable, medianOf, ratioOf, textTable, type Result } from './report.ts'

function results(scenario: string, variant: string, figures: readonly number[]): Result<number>[] {
  return figures.map((outcome, round) => ({ scenario, variant, round, outcome }))
}

test('a median is the one in the middle, or between the two in the middle', () => {
  expect(medianOf([9, 1, 2])).toBe(2)
  expect(medianOf([1, 2, 4, 100])).toBe(3)
  expect(medianOf([])).toBeNaN()
})

test('a ratio compares what ran in the same round, so that a slow round counts for both', () => {
  const ones = results('burst', 'one', [10, 200, 30])
  const others = results('burst', 'other', [5, 100, 10])
  const figure = (outcome: number): number => outcome
  const found = [...ones, ...others].toReversed()
  expect(ratioOf(found, ['burst', 'one'], ['burst', 'other'], figure)).toBe(2)
  expect(ratioOf(found, ['burst', 'one'], ['burst', 'nobody'], figure)).toBeNaN()
})

test('a table shows no column that nobody has anything in', () => {
  const rows = [
    ['one', '', '10.5'],
    ['another', '', '3'],
  ]
  expect(textTable('Title', ['', 'nothing', 'ms'], rows)).toBe(
    ['Title', '            ms', 'one       10.5', 'another      3'].join('\n'),
  )
})

test('what was not measured meets no goal', () => {
  expect(atMost(2, 'at two', 2).met).toBe(true)
  expect(atLeast(2, 'at two', 2).met).toBe(true)
  expect(atMost(2, 'nothing', Number.NaN).met).toBe(false)
  expect(atLeast(2, 'nothing', Number.NaN).met).toBe(false)
  expect(goalsTable([atMost(1.3, 'CPU', 1.25), atLeast(6, 'speed', 5)])).toBe(
    'met    CPU: at most 1.3 × (1.25)\nMISSED speed: at least 6 × (5.00)',
  )
})
