// What is told in development builds.
import { cleanup, render } from '@testing-library/react'
import { eventStream, json, StreamError, type AnyStream } from 'millrace'
import {
  PoolProvider,
  useEventStream,
  useStore,
  useStreamEvent,
  useStreamStatus,
} from 'millrace/react'
import { useMemo, type ReactElement } from 'react'
import { afterEach, expect, test, vi } from 'vitest'

afterEach(() => {
  cleanup()
  vi.restoreAllMocks()
})

const own = eventStream('/events')
// Its signals have the brand of all signals, and another class.
const ofAnotherCopy: AnyStream = { ...own, status: { ...own.status, brand: own.status.brand } }

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
  ['json, not called', () => useEventStream('/a', { decode: json as never })],
  ['a handle of another copy', () => useEventStream(ofAnotherCopy)],
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

test('a component that makes a handle in each render is told so', async () => {
  const complaints = vi.spyOn(console, 'error').mockImplementation(() => {})
  const Page = (): ReactElement => <p>{useStreamStatus(eventStream('/events'))}</p>
  const { rerender } = render(<Page />)
  for (let count = 0; count < 20; count += 1) rerender(<Page />)
  expect(complaints).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('in every render'))
})

test('a component that reads one handle after another, by reason, is not', () => {
  const complaints = vi.spyOn(console, 'error').mockImplementation(() => {})
  const Page = ({ url }: { url: string }): ReactElement => {
    const stream = useMemo(() => eventStream(url), [url])
    return <p>{useStreamStatus(stream)}</p>
  }
  const { rerender } = render(<Page url="/0" />)
  for (let count = 0; count < 30; count += 1) rerender(<Page url={`/${count >> 1}`} />)
  expect(complaints).not.toHaveBeenCalled()
})
