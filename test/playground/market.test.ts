import { createServer } from 'node:http'
import type { ServerEvent } from '@millrace/server'
import { expect, onTestFinished, test, vi } from 'vitest'
import { sectorNames, tickers } from '../../playground/wire/catalogue.ts'
import { listen } from '../../playground/server/listen.ts'
import { Market } from '../../playground/server/market/market.ts'

/** What a market has published after its opening and two minutes of trading. */
async function trade(seed: number): Promise<[string, ServerEvent][]> {
  vi.useFakeTimers({ now: 0 })
  onTestFinished(() => void vi.useRealTimers())
  const published: [string, ServerEvent][] = []
  const market = new Market({
    seed,
    publish: async (channel, event) => {
      published.push([String(channel), event])
      return { id: String(published.length) }
    },
  })
  await market.open()
  await vi.advanceTimersByTimeAsync(120_000)
  market.close()
  return published
}

test('the same seed trades the same, another one otherwise', async () => {
  const first = await trade(7)
  expect(await trade(7)).toEqual(first)
  expect(await trade(8)).not.toEqual(first)
})

test('a hundred symbols trade on ten channels, and events are numbered without a gap', async () => {
  const published = await trade(7)
  expect(new Set(tickers).size).toBe(100)
  expect(new Set(published.map(([, event]) => event.event))).toEqual(
    new Set([...tickers, 'headline']),
  )
  expect(new Set(published.map(([channel]) => channel)).size).toBe(sectorNames.length + 1)
  const numbers = published.map(([, { data }]) => (data as { seq: number }).seq)
  expect(numbers).toEqual(numbers.map((_, index) => index + 1))
})

test('a snapshot holds every symbol as it was at its cursor', async () => {
  const published: { symbol: string; price: number }[] = []
  const market = new Market({
    seed: 7,
    publish: async (_, { data }) => ({ id: String(published.push(data as never)) }),
  })
  await market.open()
  market.close()
  const { cursor, seq, quotes, news } = market.snapshot()
  expect([cursor, seq]).toEqual([String(published.length), published.length])
  expect(Object.values(quotes)).toEqual(published.slice(0, 100))
  expect(news).toEqual(published.slice(100).toReversed())
})

test('where a port is taken the next free one is used', async () => {
  const [first, second] = [createServer(), createServer()]
  onTestFinished(() => {
    first.close()
    second.close()
  })
  const port = await listen(first, { port: 0, host: '127.0.0.1' })
  expect(await listen(second, { port, host: '127.0.0.1' })).toBeGreaterThan(port)
})
