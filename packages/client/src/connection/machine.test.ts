import { expect, test } from 'vitest'
import { transition, type ConnectionEvent, type ConnectionStatus } from './machine.ts'

const states: ConnectionStatus[] = ['idle', 'connecting', 'open', 'waiting', 'closed']
const events: ConnectionEvent[] = [
  'start',
  'opened',
  'interrupted',
  'failed',
  'stopped',
  'held',
  'overtaken',
  'due',
  'restart',
  'release',
]

test('every state is reached from idle', () => {
  const reached = new Set<ConnectionStatus>(['idle'])
  for (const state of reached) {
    for (const event of events) {
      const next = transition(state, event)
      if (next !== undefined) reached.add(next)
    }
  }
  expect([...reached].toSorted()).toEqual(states.toSorted())
})

test('a restart leads to an attempt from every state', () => {
  expect(states.map((state) => transition(state, 'restart'))).toEqual(
    states.map(() => 'connecting'),
  )
})

test('whatever is released becomes idle', () => {
  expect(states.map((state) => transition(state, 'release'))).toEqual([
    undefined,
    'idle',
    'idle',
    'idle',
    'idle',
  ])
})

test('what a transport says means nothing where no attempt is under way', () => {
  for (const event of ['opened', 'interrupted', 'failed', 'overtaken', 'due'] as const) {
    expect(transition('idle', event)).toBeUndefined()
    expect(transition('closed', event)).toBeUndefined()
  }
})

test('a transport that reconnects by itself goes from waiting to open', () => {
  expect(transition('open', 'interrupted')).toBe('waiting')
  expect(transition('waiting', 'opened')).toBe('open')
})

test('an attempt that ends while its successor is on its way leaves the connection connecting', () => {
  expect(transition('open', 'overtaken')).toBe('connecting')
  expect(transition('waiting', 'overtaken')).toBe('connecting')
})

test('nothing connects while it is held', () => {
  for (const state of states) {
    for (const event of events) expect(transition(state, event, true)).not.toBe('connecting')
  }
  expect(transition('idle', 'start', true)).toBe('waiting')
  expect(transition('open', 'held', true)).toBe('waiting')
})
