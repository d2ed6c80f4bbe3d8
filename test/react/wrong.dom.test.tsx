// What is told in development builds.
import { cleanup, render } from '@testing-library/react'
import { StreamError } from 'millrace'
import {
  PoolProvider,
  useEventStream,
  useStore,
  useStreamEvent,
  useStreamStatus,
} from 'millrace/react'
import type { ReactElement } from 'react'
import { afterEach, expect, test, vi } from 'vitest'

afterEach(() => {
  cleanup()
  vi.restoreAllMocks()
})

test.each<[string, () => unknown]>([
  ['a number as a source', () => useEventStream(7 as never)],
  ['an object as a source', () => useStreamStatus({} as never)],
  ['null as options', () => useEventStream('/a', null as never)],
  ['a type that is none', () => useEventStream('/a', { event: 7 as never })],
  ['a selector that is none', () => useEventStream('/a', { select: 'price' as never })],
  ['a reducer that is none', () => useEventStream('/a', { reducer: {} as never, initialValue: 0 })],
  ['a decoder that is none', () => useEventStream('/a', { decode: 42 as never })],
  ['a method that is none', () => useEventStream('/a', { method: 7 as never })],
  ['a channel that is none', () => useEventStream('/a', { channel: '' })],
  ['no listener', () => useStreamEvent('/a', 'x', undefined as never)],
  ['no pool', () => PoolProvider({ pool: {} as never })],
  ['no store', () => useStore(undefined as never)],
])('%s is an error of the component that has it', (_, useWrong) => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  const Page = (): ReactElement => <p>{String(useWrong())}</p>
  let caught: unknown
  try {
    render(<Page />)
  } catch (error) {
    caught = error
  }
  expect(caught).toBeInstanceOf(StreamError)
  expect(caught).toMatchObject({
    code: 'invalid-argument',
    message: expect.stringMatching(/^Cannot /),
  })
})
