import { expect, test, vi } from 'vitest'
import { Line } from './broker-line.ts'
import type { Link } from './broker-line.ts'

function reachable(from: Link<number>): number[] {
  const values: number[] = []
  for (let link = from.next; link; link = link.next) values.push(link.value ?? Number.NaN)
  return values
}

test('from where a reader stands one reaches what it has not read, and nothing before', () => {
  const line = new Line<number>(['a'])
  const slow = line.tail
  for (let n = 1; n <= 3; n++) line.append(n)
  const fast = line.tail
  line.append(4)
  expect(reachable(slow)).toEqual([1, 2, 3, 4])
  expect(reachable(fast)).toEqual([4])
  expect(Object.keys(slow)).toEqual(['value', 'next'])
})

test('a line itself holds its last link only, however much went through it', () => {
  const line = new Line<number>(['a'])
  for (let n = 1; n <= 1000; n++) line.append(n)
  expect(reachable(line.tail)).toEqual([])
  expect(Object.entries(line)).toEqual([
    ['channels', ['a']],
    ['readers', 0],
    ['ended', false],
    ['tail', { value: 1000, next: undefined }],
  ])
})

test('who waits is woken at each link, until it waits no longer', () => {
  const line = new Line<number>([])
  const wake = vi.fn<() => void>()
  line.await({ wake })
  const other = { wake: vi.fn<() => void>() }
  line.await(other)
  line.append(1)
  line.forget(other)
  line.end()
  expect(wake).toHaveBeenCalledTimes(2)
  expect(other.wake).toHaveBeenCalledOnce()
})
