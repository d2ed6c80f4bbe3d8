// What an editor shows: the comment above a name. Every public name has one.
import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const sources = new URL('../../packages/client/src/', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, sources), 'utf8')
const files = globSync('**/*.ts', { cwd: sources })
  .filter((path) => !path.includes('.test.') && !path.endsWith('index.ts'))
  .map(read)

/** A public name, as it is declared. */
interface Declared {
  readonly name: string
  readonly kind: string
  readonly comment: string
  /** What stands between its braces. */
  readonly body: string
}

function declared(name: string): Declared[] {
  const pattern = new RegExp(
    `((?:/\\*\\*(?:(?!\\*/)[^])*\\*/\\n)?)^export (?:async )?(interface|type|function\\*?|class|const) ${name}\\b([^]*?)(?=^\\}|\\n\\n)`,
    'm',
  )
  return files.flatMap((source) => {
    const [found, comment = '', kind = '', body = ''] = pattern.exec(source) ?? []
    return found === undefined ? [] : [{ name, kind, comment, body }]
  })
}

const entries = globSync('{.,react,tabs}/index.ts', { cwd: sources })
const names = entries.flatMap((entry) =>
  [...read(entry).matchAll(/^export (?:type )?\{(?<list>[^}]*)\} from '\./gm)].flatMap(
    ({ groups }) => groups?.['list']?.match(/\w+(?=\s*(?:,|$))/g) ?? [],
  ),
)

test('there are public names', () => {
  expect(names).toContain('eventStream')
  expect(names).toContain('useEventStream')
})

test.each(names)('%s is declared once, and has a sentence', (name) => {
  const found = declared(name)
  expect(found).toHaveLength(1)
  expect(found[0]?.comment).toMatch(/\w/)
})

test('every public name has an example', () => {
  const without = names.flatMap(declared).filter(({ comment }) => !comment.includes('@example'))
  expect(without.map(({ name }) => name)).toEqual([])
})

test('every member of a public interface has a sentence', () => {
  const without = names
    .flatMap(declared)
    .flatMap(({ name, kind, body }) =>
      kind === 'interface'
        ? [...body.matchAll(/(?<before>.*)\n {2}readonly (?<member>\w+)\??:/g)]
            .filter(({ groups }) => !groups?.['before']?.endsWith('*/'))
            .map(({ groups }) => `${name}.${groups?.['member']}`)
        : [],
    )
  expect(without).toEqual([])
})

test('every option that may be left out says what it is then', () => {
  const options = names.flatMap(declared).filter(({ name }) => name.endsWith('Options'))
  const comments = options.flatMap(({ name, body }) =>
    [...body.matchAll(/\/\*\*(?<said>(?:(?!\*\/)[^])*)\*\/\n {2}readonly (?<member>\w+)\?:/g)].map(
      ({ groups }) => ({ member: `${name}.${groups?.['member']}`, said: groups?.['said'] }),
    ),
  )
  expect(comments.map(({ member }) => member)).toContain('ConnectOptions.linger')
  const without = comments.filter(({ said }) => !/default|without it/i.test(said ?? ''))
  expect(without.map(({ member }) => member)).toEqual([])
})
