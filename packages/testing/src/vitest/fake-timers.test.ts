import { beforeEach, describe, expect, test } from 'vitest'
import { useFakeTimers } from './index.ts'

const isFaked = (timer: object): boolean => 'clock' in timer

test('setImmediate stays real, whatever else is faked, or not', () => {
  for (const options of [
    {},
    { toNotFake: ['Date'] as const },
    { toFake: ['setTimeout', 'setImmediate'] as const },
  ]) {
    const restore = useFakeTimers({ ...options } as Parameters<typeof useFakeTimers>[0])
    expect([setTimeout, setImmediate].map(isFaked)).toEqual([true, false])
    restore()
    restore()
    expect([isFaked(setTimeout), 'jest' in globalThis]).toEqual([false, false])
  }
})

describe('for all tests of a group', () => {
  beforeEach(() => void useFakeTimers())

  test('timers are faked', () => {
    expect(isFaked(setTimeout)).toBe(true)
    useFakeTimers()
    expect(isFaked(setTimeout)).toBe(true)
  })
})

test('after the group, timers are real again', () => {
  expect([isFaked(setTimeout), 'jest' in globalThis]).toEqual([false, false])
})
