import { expect, test } from 'vitest'
import { Ring } from './ring.ts'

test('a ring holds the last of what it took, in order, however often it went round', () => {
  for (let limit = 1; limit <= 5; limit += 1) {
    const ring = new Ring<number>(limit)
    const items: number[] = []
    expect(ring.toArray()).toEqual([])
    for (let item = 0; item < 4 * limit; item += 1) {
      items.push(item)
      ring.push(item)
      expect(ring.toArray()).toEqual(items.slice(-limit))
    }
  }
})

test('a ring that is cleared in the middle of a round starts anew', () => {
  const ring = new Ring<number>(3)
  for (const item of [1, 2, 3, 4]) ring.push(item)
  ring.clear()
  expect(ring.toArray()).toEqual([])
  for (const item of [5, 6, 7, 8]) ring.push(item)
  expect(ring.toArray()).toEqual([6, 7, 8])
})

test('what was taken out of a ring does not change with it', () => {
  const ring = new Ring<number>(2)
  ring.push(1)
  const before = ring.toArray()
  ring.push(2)
  ring.push(3)
  expect(before).toEqual([1])
})
