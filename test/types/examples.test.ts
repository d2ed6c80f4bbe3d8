// The examples of the doc comments, compiled: each is a module of its own, all in one program.
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { entriesOf, type Entry } from '../../docs/site/reference/reference.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const entries = entriesOf(root)

const settings = {
  millrace: given('client'),
  '@millrace/server': given('server'),
  '@millrace/testing': given('testing'),
} as const

/** What the examples of a package take as given. */
function given(folder: string): string {
  return readFileSync(join(root, `test/types/given/${folder}.ts`), 'utf8')
}

function packageOf({ specifier }: Entry): keyof typeof settings {
  return /^(?:@\w+\/)?\w+/.exec(specifier)?.[0] as keyof typeof settings
}

const examples = entries.flatMap((entry) =>
  entry.exported.flatMap(({ name, doc, members }) =>
    [doc, ...members.map((member) => member.doc)]
      .flatMap((comment) => comment?.examples ?? [])
      .map((code) => ({ name, entry, code })),
  ),
)

/**
 * An example as a module: what is given, then what an editor would import for it, from its own entry before any other,
 * then itself, in a scope of its own.
 */
function moduleOf(code: string, from: Entry): string {
  const setting = settings[packageOf(from)]
  const isImport = (line: string): boolean => line.startsWith('import ')
  const lines = code.split('\n')
  const imports = lines.filter(isImport)
  const wanted = new Set(code.match(/(?<![\w)\]?!]\.)\b[a-z]\w*/gi)).difference(namesOf(setting))
  const nearness = (entry: Entry): number =>
    Number(entry === from) + Number(packageOf(entry) === packageOf(from))
  for (const { specifier, exported } of entries.toSorted((a, b) => nearness(b) - nearness(a))) {
    const names = exported.map(({ name }) => name).filter((name) => wanted.delete(name))
    if (names.length > 0) imports.push(`import { ${names.join(', ')} } from '${specifier}'`)
  }
  return [setting, ...imports, ';{', ...lines.filter((line) => !isImport(line)), '}', ''].join('\n')
}

/** What a setting has, imported or declared. */
function namesOf(setting: string): Set<string> {
  const imported = setting.match(/^import (?:type )?(?:\{[^}]*\}|\* as \w+)/gm)?.join() ?? ''
  const declared = /(?<=^export (?:declare )?(?:const|function|interface|type) )\w+/gm
  return new Set([...(imported.match(/\w+/g) ?? []), ...(setting.match(declared) ?? [])])
}

test('every example of a public name compiles', async () => {
  // In a folder from which the packages are found, and that nothing else looks into.
  const cache = join(root, 'node_modules/.cache')
  await mkdir(cache, { recursive: true })
  const folder = await mkdtemp(join(cache, 'examples-'))
  onTestFinished(() => rm(folder, { recursive: true }))

  const files = examples.map(({ name, entry, code }, n) =>
    writeFile(join(folder, `${n}-${name}.tsx`), moduleOf(code, entry)),
  )
  expect(files.length).toBeGreaterThan(200)
  await Promise.all(files)
  const config = {
    extends: join(root, 'tsconfig.check.json'),
    compilerOptions: { noUnusedLocals: false, verbatimModuleSyntax: false, isolatedModules: false },
    include: ['*.tsx'],
  }
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config))
  const compiler = [join(root, 'node_modules/typescript/bin/tsc'), '--pretty', 'false', '-p', '.']
  const { stdout } = await promisify(execFile)(process.execPath, compiler, { cwd: folder }).catch(
    (error: { stdout: string }) => error,
  )
  expect(stdout).toBe('')
})
