import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { escapeHtml } from '../code.ts'
import { exportsOf, type Exported, type Member } from './exported.ts'

/** An entry of a package, and what it exports. */
export interface Entry {
  /** As it is imported: `millrace/react`. */
  readonly specifier: string
  /** Its page in the site, without `.html`. */
  readonly page: string
  readonly exported: readonly Exported[]
}

/** Every entry of every package. */
export function entriesOf(root: string): readonly Entry[] {
  return ['client', 'server', 'testing'].flatMap((folder) => {
    const path = join(root, 'packages', folder)
    const { name, exports } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as {
      name: string
      exports: Record<string, { readonly 'millrace-source'?: string }>
    }
    return Object.entries(exports).flatMap(([subpath, { 'millrace-source': source }]) => {
      const specifier = name + subpath.slice(1)
      const page = `api-${specifier.replace('@', '').replaceAll('/', '-')}`
      return source ? [{ specifier, page, exported: exportsOf(join(path, source)) }] : []
    })
  })
}

const kinds = [
  ['function', 'Functions'],
  ['class', 'Classes'],
  ['constant', 'Constants'],
  ['type', 'Types'],
] as const

/** An entry's page, in Markdown. */
export function referenceOf({ specifier, exported }: Entry): string {
  const parts = kinds.flatMap(([kind, title]) => {
    const those = exported.filter((one) => one.kind === kind)
    return those.length === 0 ? [] : [`## ${title}`, ...those.toSorted(byName).map(describe)]
  })
  return [`# ${specifier}`, `\`import { … } from '${specifier}'\``, ...parts].join('\n\n')
}

function describe({ name, signatures, doc, members }: Exported): string {
  return [
    `### ${name}`,
    fence(signatures.join('\n\n'), 'ts signature'),
    doc?.text,
    doc && doc.params.length > 0 && doc.params.map(param).join('\n'),
    ...(doc?.examples ?? []).map((example) => fence(example, 'ts')),
    ...members.map(member),
  ]
    .filter(Boolean)
    .join('\n\n')
}

function param({ name, text }: { readonly name: string; readonly text: string }): string {
  return `- \`${name}\`: ${text.replaceAll('\n', ' ')}`
}

function member({ signature, doc }: Member): string {
  return [
    '<div class="member">',
    fence(signature, 'ts signature'),
    doc?.text,
    ...(doc?.examples ?? []).map((example) => fence(example, 'ts')),
    '</div>',
  ]
    .filter(Boolean)
    .join('\n\n')
}

function fence(code: string, info: string): string {
  return `\`\`\`${info}\n${code}\n\`\`\``
}

function byName(a: Exported, b: Exported): number {
  return a.name.localeCompare(b.name)
}

/** Where a name is told of, looked for in the entry itself, then in its package, then in the others. */
export function linksFrom(
  entry: Entry,
  entries: readonly Entry[],
): (word: string) => string | undefined {
  const packageOf = ({ specifier }: Entry): string =>
    specifier.startsWith('@') ? specifier.split('/').slice(0, 2).join('/') : 'millrace'
  const near = entries.toSorted(
    (a, b) =>
      Number(b === entry) - Number(a === entry) ||
      Number(packageOf(b) === packageOf(entry)) - Number(packageOf(a) === packageOf(entry)),
  )
  return (word) => {
    const home = near.find(({ exported }) => exported.some(({ name }) => name === word))
    if (!home) return undefined
    const page = home === entry ? '' : `${home.page}.html`
    return `${page}#${escapeHtml(word.toLowerCase())}`
  }
}
