import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))
const page = readFileSync(`${root}ARCHITECTURE.md`, 'utf8')

/** The sections that draw a package: where its sources are, and the drawing. */
const drawings = [...page.matchAll(/^## Inside [^\n]*\(`(\S+)`\)\n([^]*?)(?=^## )/gm)].map(
  ([, folder = '', section = '']) => ({
    folder,
    drawing: [...section.matchAll(/^```\n([^]*?)^```$/gm)].map(([, code]) => code).join('\n'),
  }),
)

test('each package is drawn', () => {
  expect(drawings.map(({ folder }) => folder)).toEqual([
    'packages/client/src',
    'packages/server/src',
    'packages/testing/src',
  ])
})

test.each(drawings)('what is drawn of $folder is there', ({ folder, drawing }) => {
  const files = globSync('**/*', { cwd: root + folder })
  const names = new Set(files.flatMap((path) => [path, basename(path)]))
  const drawn = [...drawing.matchAll(/(?<![\w./-])[\w-]+(?:\.tsx?\b|\/(?=\s))/g)].map(([name]) =>
    name.replace(/\/$/, ''),
  )
  expect(drawn.length).toBeGreaterThan(10)
  expect(drawn.filter((name) => !names.has(name))).toEqual([])
})

test.each(drawings)(
  'what is in $folder is drawn, by its name or its folder’s',
  ({ folder, drawing }) => {
    const sources = globSync('**/*.{ts,tsx}', { cwd: root + folder }).filter(
      (path) => !/\.test\.|(^|\/)index\.ts$/.test(path),
    )
    const isDrawn = (name: string): boolean =>
      drawing.split(/[^\w./-]+/).some((word) => word === name || word.endsWith(`/${name}`))
    const isOnlyOne = (path: string): boolean =>
      sources.filter((other) => basename(other) === basename(path)).length === 1
    const missing = sources.filter((path) => {
      const siblings = sources.filter((other) => dirname(other) === dirname(path))
      const named = siblings.filter((one) => isDrawn(basename(one)) && isOnlyOne(one))
      // A folder that is drawn as one thing need not name its files.
      const isOneThing = named.length === 0 && isDrawn(`${dirname(path)}/`)
      return !isOneThing && !isDrawn(basename(path))
    })
    expect(missing).toEqual([])
  },
)

test('what is said to be beside the packages is there', () => {
  const [, section = ''] = page.split('## Beside the packages')
  const [, drawing = ''] = /```\n([^]*?)```/.exec(section) ?? []
  const folders: string[] = []
  let parent = ''
  for (const [, indent = '', list = ''] of drawing.matchAll(/^( +)((?:[\w-]+\/ ?)+)/gm)) {
    const names = list.split(/\/ ?/).filter(Boolean)
    if (indent.length === 1) parent = `${names[0]}/`
    folders.push(...names.map((name) => (indent.length === 1 ? name : parent + name)))
  }
  expect(folders.filter((folder) => !existsSync(root + folder))).toEqual([])
  const tests = globSync('test/*/', { cwd: root }).filter((path) => !path.includes('node_modules'))
  expect(tests.filter((path) => !folders.includes(path.replace(/\/$/, '')))).toEqual([])
})

test('where something is to be changed, there is something', () => {
  const [, table = ''] = page.split('## Where do I change …')
  const rows = [...table.matchAll(/^\| (?!what |-)[^|]+\| ([^|]+)\|$/gm)].map(([, where]) => where)
  expect(rows.length).toBeGreaterThan(10)
  const lost: string[] = []
  for (const where of rows) {
    let folder = ''
    for (const [, path = ''] of (where ?? '').matchAll(/`([^`]*[/.][^`]*)`/g)) {
      const full = path.startsWith('packages/') || path.includes('/') ? path : folder + path
      if (existsSync(root + full)) folder = `${dirname(full)}/`
      else lost.push(path)
    }
  }
  expect(lost).toEqual([])
})

test('each word has one meaning', () => {
  const [, table = ''] = page.split('## Words')
  const words = [...(table.split('\n## ')[0] ?? '').matchAll(/^\| (\w+) +\|/gm)].map(
    ([, word]) => word,
  )
  expect(words.length).toBeGreaterThan(10)
  expect(words).toEqual([...new Set(words)])
})
