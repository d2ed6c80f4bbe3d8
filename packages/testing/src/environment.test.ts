import { expect, test } from 'vitest'
import { requireStreams } from './environment.ts'

test('where responses have streams there is the class of them', () => {
  const environment: { ReadableStream?: unknown; Response: typeof Response } = { Response }
  requireStreams(environment)
  requireStreams(environment)
  expect(environment.ReadableStream).toBe(ReadableStream)
})

test('where nothing can be a stream it is an error that says so', () => {
  expect(() => requireStreams({})).toThrow(
    /^Cannot fake an event server here: this environment has neither ReadableStream/,
  )
})
