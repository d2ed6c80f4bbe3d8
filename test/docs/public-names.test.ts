// What an editor shows: the comment above a name. Every public name has one.
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { entriesOf } from '../../docs/site/reference/reference.ts'

const entries = entriesOf(fileURLToPath(new URL('../../', import.meta.url)))
const names = entries.flatMap(({ specifier, exported }) =>
  exported.map((one) => ({ ...one, title: `${specifier} ${one.name}` })),
)
const members = names.flatMap(({ title, members: those }) =>
  those.map(({ signature, doc }) => ({
    title: `${title}: ${signature.split('\n')[0]}`,
    signature,
    said: doc?.text ?? '',
  })),
)

test('each entry of each package is looked at', () => {
  expect(entries.map(({ specifier }) => specifier)).toEqual([
    'millrace',
    'millrace/react',
    'millrace/tabs',
    '@millrace/server',
    '@millrace/server/admin',
    '@millrace/server/node',
    '@millrace/server/redis',
    '@millrace/testing',
    '@millrace/testing/event-source',
    '@millrace/testing/react',
    '@millrace/testing/vitest',
  ])
})

test('every public name has a sentence', () => {
  const without = names.filter(({ doc }) => !/\w/.test(doc?.text ?? ''))
  expect(without.map(({ title }) => title)).toEqual([])
})

test('every public name has an example', () => {
  const without = names.filter(({ doc, members: those }) =>
    [doc, ...those.map((member) => member.doc)].every((said) => !said?.examples.length),
  )
  expect(without.map(({ title }) => title)).toEqual([])
})

test('every member of a public name has a sentence', () => {
  // What JavaScript itself says of every error, and of every iterable.
  const known = /^(override readonly name\b|constructor\b|readonly \[Symbol\.)/
  const without = members.filter(({ signature, said }) => !said && !known.test(signature))
  expect(without.map(({ title }) => title)).toEqual([])
})

test('every option that may be left out says what it is then', () => {
  const options = members.filter(
    ({ title, signature }) => /\w+Options:/.test(title) && /^(readonly )?\w+\?/.test(signature),
  )
  expect(options.length).toBeGreaterThan(50)
  const without = options.filter(({ said }) => !/default|without it/i.test(said))
  expect(without.map(({ title }) => title)).toEqual([])
})
