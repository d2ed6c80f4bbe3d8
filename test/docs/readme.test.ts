import { globSync, readFileSync } from 'node:fs'
import { expect, test, vi } from 'vitest'

const root = new URL('../../', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, root), 'utf8')

const pages = ['README.md', ...globSync(['docs/*.md', 'packages/*/README.md'], { cwd: root })]
const shown = pages.flatMap((page) =>
  [...read(page).matchAll(/^```(?:tsx?|svelte|vue)\n(?<code>[^]*?)^```$/gm)].map(({ groups }) => {
    const code = groups?.['code'] ?? ''
    const [, name] = /^(?:\/\/|<!--) (\S+)/.exec(code) ?? []
    return { page, name, code }
  }),
)

test.each(pages)('every snippet of %s is a file that is compiled and run', (page) => {
  const snippets = shown.filter((snippet) => snippet.page === page)
  expect(snippets.length).toBeGreaterThan(0)
  for (const { name, code } of snippets) expect(code).toBe(read(`test/docs/${name}`))
})

test('every file of snippets is shown', () => {
  const files = globSync('**/*.{ts,tsx,svelte,vue}', { cwd: new URL('test/docs', root) })
  const names = new Set(shown.map(({ name }) => name))
  const unseen = files.filter((file) => !/\.test\.|\.d\.ts$/.test(file) && !names.has(file))
  expect(unseen).toEqual([])
})

test('the server of the snippet streams what it publishes', async () => {
  vi.useFakeTimers({ toFake: ['setInterval'] })
  vi.stubEnv('PORT', '0')
  const log = vi.spyOn(console, 'log').mockReturnValue()
  const { serving } = await import('./server.ts')
  const address = String(log.mock.calls[0]?.[0])
  log.mockRestore()
  const response = await fetch(address)
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  const text = response.text()
  vi.advanceTimersByTime(1_000)
  await serving.close()
  vi.useRealTimers()
  vi.unstubAllEnvs()
  expect((await text).match(/^data: \{"price":\d+\}$/gm)).toHaveLength(2)
})

/** The numbers that the README tells in such words. */
const numbersIn = (words: RegExp): number[] => {
  const [, ...numbers] = words.exec(read('README.md')) ?? []
  return numbers.map((number) => Number(number.replaceAll(',', '')))
}

test('as many seeds as the README says are run where time is no matter', () => {
  const run = /const seeds = rounds\(\d+, ([\d_]+)\)/.exec(read('test/harness/chaos.test.ts'))
  expect(numbersIn(/([\d,]+) seeds of chaos/)).toEqual([Number(run?.[1]?.replaceAll('_', ''))])
})

/** What may be loaded, in kilobytes, by what it is. */
const budgets = new Map(
  (JSON.parse(read('.size-limit.json')) as { name: string; limit: string }[]).map(
    ({ name, limit }) => [name, Number(limit.replace(' kB', ''))],
  ),
)

test('the sizes of the README are those that are held', () => {
  const limits = [...budgets.values()]
  expect(numbersIn(/\*\*([\d.]+) kB, compressed[^]*?([\d.]+) kB where/)).toEqual(limits.slice(0, 2))
  const [, costs = ''] = read('README.md').split('## What it costs')
  expect([...costs.matchAll(/\| ([\d.]+) kB/g)].map(([, size]) => Number(size))).toEqual(limits)
})

test('a hook costs at most a kilobyte more than what it reads', () => {
  const of = (name: string): number => budgets.get(`${name}, with its dependencies`) ?? Number.NaN
  expect(of('the hook') - of('eventStream')).toBeLessThanOrEqual(1)
})
