import { globSync, readFileSync } from 'node:fs'
import { expect, test, vi } from 'vitest'

const root = new URL('../../', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, root), 'utf8')

const pages = ['README.md', ...globSync('docs/**/*.md', { cwd: root })]
const shown = pages.flatMap((page) =>
  [...read(page).matchAll(/^```(?:tsx?|svelte|vue)\n(?<code>[^]*?)^```$/gm)].map(({ groups }) => {
    const code = groups?.['code'] ?? ''
    const [, name] = /^(?:\/\/|<!--) (\S+)/.exec(code) ?? []
    return { page, name, code }
  }),
)

test.each(pages)('every snippet of %s is a file that is compiled and run', (page) => {
  const snippets = shown.filter((snippet) => snippet.page === page)
  expect(snippets.length).toBeGreaterThan(3)
  for (const { name, code } of snippets) expect(code).toBe(read(`test/docs/${name}`))
})

test('every file of snippets is shown', () => {
  const files = globSync('**/*.{ts,tsx,svelte,vue}', { cwd: new URL('test/docs', root) })
  const names = new Set(shown.map(({ name }) => name))
  const unseen = files.filter((file) => !/\.test\.|\.d\.ts$/.test(file) && !names.has(file))
  expect(unseen).toEqual([])
})

test('the server of the snippet streams what it publishes', async () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  const { serving } = await import('./server.ts')
  const address = String(log.mock.calls[0]?.[0])
  log.mockRestore()
  const response = await fetch(address, { headers: { 'last-event-id': 'another-run-0' } })
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  await response.body?.cancel()
  await serving.close()
})
