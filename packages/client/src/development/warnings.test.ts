import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { json } from '../stream/decode.ts'
import { open, settled, url } from '../stream/scripted-stream.test.support.ts'
import { createPool } from '../pool.ts'

const warned: string[] = []

beforeEach(() => {
  vi.spyOn(console, 'warn').mockImplementation((...said) => void warned.push(said.join(' ')))
})
afterEach(() => {
  vi.restoreAllMocks()
  warned.length = 0
})

test('an answer that is a page is warned of, with its URL and what to do', async () => {
  const page = () => new Response('<h1>Sign in</h1>', { headers: { 'content-type': 'text/html' } })
  using pool = createPool({ fetch: async () => page() })
  const heard = pool.stream(url).events('message')
  await expect(heard.next()).rejects.toThrow('text/html')
  expect(warned).toEqual([expect.stringMatching(/text\/html\. Make it .+ URL: .+\/events$/)])
})

test('a refusal that the browser tells of itself is not warned of', async () => {
  using pool = createPool({ fetch: async () => new Response('', { status: 401 }) })
  await expect(pool.stream(url).events('message').next()).rejects.toThrow('401')
  expect(warned).toEqual([])
})

test('what a function of the app failed with is shown once', async () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  using pool = createPool()
  const headers = () => {
    throw new TypeError('session is undefined')
  }
  pool.stream(url, { headers }).on('message', () => {})
  await vi.advanceTimersByTimeAsync(60_000)
  expect(warned).toEqual([expect.stringContaining('TypeError: session is undefined')])
})

test('a function that gives no URL has failed', async () => {
  using pool = createPool()
  pool.stream(() => undefined as never).on('message', () => {})
  await settled()
  expect(warned).toEqual([expect.stringContaining('Cannot use url undefined')])
})

test('payloads that do not decode are warned of once for each type, where nobody hears of them', async () => {
  const { stream, send } = open({ events: { tick: json(), order: json() } })
  for (const type of ['tick', 'order'] as const) stream.on(type, () => {})
  await settled()
  send(['tick', 'no'], ['tick', 'no'], ['order', 'no'])
  expect(warned).toEqual([
    expect.stringContaining('Cannot decode a "tick" event'),
    expect.stringContaining('Cannot decode a "order" event'),
  ])
})

test('payloads that somebody hears of are not warned of', async () => {
  const onError = vi.fn<() => void>()
  const { stream, send } = open({ events: { other: json() }, onError })
  stream.on('other', () => {})
  await settled()
  send(['other', 'no'])
  expect(onError).toHaveBeenCalledOnce()
  expect(warned).toEqual([])
})
