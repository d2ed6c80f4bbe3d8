import { expect, test } from 'vitest'
import { Queue } from './queue.ts'
import { Timeline } from './timeline.ts'
import type { Placed } from './timeline.ts'

test('a timeline is a sorted list from which anything may be taken', () => {
  const timeline = new Timeline<Placed>()
  let model: Placed[] = []
  let last = 0
  // The powers of a primitive root: no pattern to the eye, and the same in each run.
  for (let step = 1, chance = 11; step < 1009; step += 1, chance = (chance * 11) % 1009) {
    if (model.length === 0 || chance % 2 === 0 || step % 200 < 50) {
      const item = { sequence: (last += 2), gone: false }
      timeline.push(item)
      model.push(item)
    } else {
      const item = model[chance % model.length]
      if (item) timeline.remove(item)
      model = model.filter((other) => other !== item)
    }
    const from = (last * 2) / 3
    expect(timeline.oldest).toBe(model[0])
    expect([...timeline.after(from)]).toEqual(model.filter(({ sequence }) => sequence > from))
  }
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
