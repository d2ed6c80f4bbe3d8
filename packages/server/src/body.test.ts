import { expect, test, vi } from 'vitest'
import { createBody, divert } from './body.ts'
import type { Output } from './output.ts'

const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)

test('what piles up between two reads leaves as one chunk', async () => {
  const { output, stream } = createBody(() => {})
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader()
  output.write(bytes('a'))
  expect((await reader.read()).value).toBe('a')
  output.write(bytes('b'))
  output.write(bytes('c'))
  output.end(() => {})
  let text = ''
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read())
    text += chunk.value
  expect(text).toBe('bc')
})

test('the backlog is what nobody has read', async () => {
  const { output, stream } = createBody(() => {})
  output.write(bytes('12'))
  output.write(bytes('345'))
  expect(output.backlog).toBe(5)
  const reader = stream.getReader()
  expect((await reader.read()).value).toEqual(bytes('12345'))
  expect(output.backlog).toBe(0)
  const next = reader.read()
  output.write(bytes('6'))
  expect((await next).value).toEqual(bytes('6'))
  expect(output.backlog).toBe(0)
})

test('the end comes after what was written', async () => {
  const { output, stream } = createBody(() => {})
  output.write(bytes('a'))
  output.write(bytes('b'))
  output.end(() => {})
  output.end(() => {})
  output.write(bytes('late'))
  expect(await new Response(stream).text()).toBe('ab')
})

test('to abort drops what nobody has read', async () => {
  const { output, stream } = createBody(() => {})
  output.write(bytes('a'))
  output.write(bytes('b'))
  output.abort(new Error('broken'))
  output.abort(new Error('again'))
  output.end(() => {})
  await expect(new Response(stream).text()).rejects.toThrow('broken')
  expect(output.backlog).toBe(0)
})

test('a reader that goes away is told of once, and writes go nowhere', async () => {
  const gone = vi.fn<() => void>()
  const { output, stream } = createBody(gone)
  await stream.cancel()
  output.write(bytes('a'))
  output.end(() => {})
  output.abort(new Error('late'))
  expect(gone).toHaveBeenCalledOnce()
})

interface Told {
  readonly output: Output
  readonly told: string[]
}

function otherWay(): Told {
  const told: string[] = []
  const output: Output = {
    backlog: 7,
    write: (chunk) => told.push(new TextDecoder().decode(chunk)),
    end: (onDone) => {
      told.push('end')
      onDone()
    },
    abort: (error) => told.push(String(error)),
  }
  return { output, told }
}

test('what was written before a body is diverted goes the other way too, as one', () => {
  const { output, stream } = createBody(() => {})
  output.write(bytes('a'))
  output.write(bytes('b'))
  const { output: other, told } = otherWay()
  divert(stream, other)
  expect(told).toEqual(['ab'])
  output.write(bytes('c'))
  expect(output.backlog).toBe(7)
  const onDone = vi.fn<() => void>()
  output.end(onDone)
  output.write(bytes('late'))
  output.abort(new Error('late'))
  expect(told).toEqual(['ab', 'c', 'end'])
  expect(onDone).toHaveBeenCalledOnce()
})

test('a body that is to end is diverted with its end', () => {
  const { output, stream } = createBody(() => {})
  output.write(bytes('a'))
  const onDone = vi.fn<() => void>()
  output.end(onDone)
  const { output: other, told } = otherWay()
  divert(stream, other)
  expect(told).toEqual(['a', 'end'])
  expect(onDone).toHaveBeenCalledOnce()
})

test('a reader that leaves a diverted body is told of once', () => {
  const gone = vi.fn<() => void>()
  const { output, stream } = createBody(gone)
  const { output: other, told } = otherWay()
  const leave = divert(stream, other)
  leave?.()
  leave?.()
  output.write(bytes('a'))
  output.abort(new Error('late'))
  expect(gone).toHaveBeenCalledOnce()
  expect(told).toEqual([])
})

test('a body is not diverted when it is read, has ended, or is no session’s', async () => {
  const { output } = otherWay()
  const read = createBody(() => {})
  const reader = read.stream.getReader()
  expect(divert(read.stream, output)).toBeUndefined()
  read.output.write(bytes('a'))
  await reader.read()
  reader.releaseLock()
  expect(divert(read.stream, output)).toBeUndefined()
  const over = createBody(() => {})
  over.output.abort(new Error('broken'))
  expect(divert(over.stream, output)).toBeUndefined()
  expect(divert(new ReadableStream(), output)).toBeUndefined()
})
