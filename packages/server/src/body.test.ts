import { expect, test, vi } from 'vitest'
import { createBody } from './body.ts'

const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)

test('what piles up between two reads leaves as one chunk', async () => {
  const { output, stream } = createBody(() => {})
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader()
  output.write(bytes('a'))
  expect((await reader.read()).value).toBe('a')
  output.write(bytes('b'))
  output.write(bytes('c'))
  output.end()
  let text = ''
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read())
    text += chunk.value
  expect(text).toBe('bc')
})

test('the backlog is what waits behind the chunk that is next', async () => {
  const { output, stream } = createBody(() => {})
  output.write(bytes('next'))
  expect(output.backlog).toBe(0)
  output.write(bytes('12'))
  output.write(bytes('345'))
  expect(output.backlog).toBe(5)
  const reader = stream.getReader()
  await reader.read()
  expect((await reader.read()).value).toEqual(bytes('12345'))
  expect(output.backlog).toBe(0)
})

test('the end comes after what was written', async () => {
  const { output, stream } = createBody(() => {})
  output.write(bytes('a'))
  output.write(bytes('b'))
  output.end()
  output.end()
  output.write(bytes('late'))
  expect(await new Response(stream).text()).toBe('ab')
})

test('to abort drops what nobody has read', async () => {
  const { output, stream } = createBody(() => {})
  output.write(bytes('a'))
  output.write(bytes('b'))
  output.abort(new Error('broken'))
  output.abort(new Error('again'))
  output.end()
  await expect(new Response(stream).text()).rejects.toThrow('broken')
  expect(output.backlog).toBe(0)
})

test('a reader that goes away is told of once, and writes go nowhere', async () => {
  const gone = vi.fn<() => void>()
  const { output, stream } = createBody(gone)
  await stream.cancel()
  output.write(bytes('a'))
  output.end()
  output.abort(new Error('late'))
  expect(gone).toHaveBeenCalledOnce()
})
