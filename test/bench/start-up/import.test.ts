import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { bundled, entries } from './bundle.ts'

test.each(entries)('importing %s touches no global but the language itself', async (entry) => {
  const code = await bundled(entry)
  const touched = new Set<string>()
  const written: (string | symbol)[] = []
  const scope = new Proxy(globalThis, {
    has: (_, name) => name !== 'everything',
    get: (global, name) => {
      if (name === Symbol.unscopables) return undefined
      touched.add(String(name))
      // All that React is asked for at import is one context.
      return name === 'React' ? { createContext: () => ({}) } : Reflect.get(global, name)
    },
    set: (_, name) => {
      written.push(name)
      return true
    },
  })
  // oxlint-disable-next-line no-implied-eval -- only `with` shows which names a script looks up
  new Function('scope', `with (scope) { ${code} }`)(scope)
  const language = runInNewContext('Object.getOwnPropertyNames(globalThis)') as string[]
  const outside = [...touched].filter((name) => name !== 'React' && !language.includes(name))
  expect(outside).toEqual([])
  expect(written).toEqual([])
})
