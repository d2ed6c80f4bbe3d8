import { afterEach, expect, test } from 'vitest'
import { installEventSource } from './event-source.ts'

const page = globalThis as { EventSource?: unknown }

const Own = EventTarget

afterEach(() => {
  delete page.EventSource
})

test('an EventSource is there where there was none, until it is taken away', () => {
  const undo = installEventSource()
  const source = new EventSource('/events')
  expect([source.url, source.readyState, EventSource.CLOSED]).toEqual([
    'http://localhost/events',
    0,
    2,
  ])
  source.close()
  undo()
  undo()
  expect('EventSource' in globalThis).toBe(false)
})

test('installed twice, it stays until both are undone', () => {
  const undo = [installEventSource(), installEventSource({ replace: true })]
  undo[0]?.()
  undo[0]?.()
  expect(page.EventSource).toBeTypeOf('function')
  undo[1]?.()
  expect('EventSource' in globalThis).toBe(false)
})

test('one that is there stays, unless it is to be replaced; and then it comes back', () => {
  page.EventSource = Own
  installEventSource()()
  expect(page.EventSource).toBe(Own)
  const undo = installEventSource({ replace: true })
  expect(page.EventSource).not.toBe(Own)
  undo()
  expect(page.EventSource).toBe(Own)
})

test('one that somebody has put there since is not taken away', () => {
  const undo = installEventSource()
  page.EventSource = Own
  undo()
  expect(page.EventSource).toBe(Own)
})

test('an address that is none is an error of the constructor', () => {
  const undo = installEventSource()
  expect(() => new EventSource('http://[')).toThrow(
    expect.objectContaining({ name: 'SyntaxError' }),
  )
  undo()
})
