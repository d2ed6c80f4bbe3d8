import { array, assert, integer, nat, property } from 'fast-check'
import { expect, test } from 'vitest'
import { Ring } from './ring.ts'

test('a ring holds the last of what it took, in order', () => {
  assert(
    property(integer({ min: 1, max: 8 }), array(nat(), { maxLength: 40 }), (limit, items) => {
      const ring = new Ring<number>(limit)
      for (const item of items) ring.push(item)
      expect(ring.toArray()).toEqual(items.slice(-limit))
      ring.clear()
      expect(ring.toArray()).toEqual([])
      for (const item of items) ring.push(item)
      expect(ring.toArray()).toEqual(items.slice(-limit))
    }),
  )
})
