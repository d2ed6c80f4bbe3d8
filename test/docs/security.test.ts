import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const root = new URL('../../', import.meta.url)
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8')

const section = read('SECURITY.md').split('## What the server promises')[1]?.split('\n## ')[0] ?? ''
const promises = section.split(/^- /m).slice(1)

test('every promise of SECURITY.md names the tests that hold it, and they are there', () => {
  expect(promises.length).toBeGreaterThan(10)
  for (const promise of promises) {
    const named = [...promise.matchAll(/^ {2}- \[[\w-]+\]\((\S+)\): (.+)$/gm)]
    expect(named.length).toBeGreaterThan(0)
    for (const [, path = '', title] of named) expect(read(path)).toContain(`'${title}`)
  }
})
