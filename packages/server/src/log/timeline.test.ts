import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { Queue } from './queue.ts'
import { Timeline } from './timeline.ts'
import type { Placed } from './timeline.ts'

test('a timeline is a sorted list from which anything may be taken', () => {
  const step = fc.oneof(fc.constant('push' as const), fc.nat())
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const timeline = new Timeline<Placed>()
      let model: Placed[] = []
      let last = 0
      for (const one of steps) {
        if (one === 'push') {
          const item = { sequence: (last += 2), gone: false }
          timeline.push(item)
          model.push(item)
        } else if (model.length > 0) {
          const item = model[one % model.length]
          if (item) timeline.remove(item)
          model = model.filter((other) => other !== item)
        }
        expect(timeline.oldest).toBe(model[0])
        const from = (last * 2) / 3
        expect([...timeline.after(from)]).toEqual(model.filter(({ sequence }) => sequence > from))
      }
    }),
  )
})

test('a queue gives its items in the order in which they came', () => {
  const queue = new Queue<number>()
  for (let n = 0; n < 10; n++) queue.push(n)
  expect(queue.oldest).toBe(0)
  expect(Array.from({ length: 10 }, () => queue.shift())).toEqual([...Array(10).keys()])
  expect(queue.shift()).toBeUndefined()
  queue.push(10)
  expect([queue.length, queue.oldest]).toEqual([1, 10])
})
