import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { isolatedDeclarationSync } from 'rolldown/experimental'
import { parseSync } from 'vite'
import { parseDocComment, type DocComment } from './doc-comment.ts'

/** Something that a package exports. */
export interface Exported {
  readonly name: string
  readonly kind: 'function' | 'class' | 'constant' | 'type'
  /** Its declaration: of a function each overload, of a class or an interface its head alone. */
  readonly signatures: readonly string[]
  readonly doc: DocComment | undefined
  readonly members: readonly Member[]
}

/** A member of a class or an interface. */
export interface Member {
  readonly signature: string
  readonly doc: DocComment | undefined
}

/** What an entry exports, by its sources: nothing has to be built. */
export function exportsOf(entry: string): readonly Exported[] {
  return namesOf(entry).map(({ name, from }) => describe(name, moduleOf(from)))
}

interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly id?: { readonly name: string } | null
  readonly declaration?: Node | null
  readonly declarations?: readonly { readonly id: { readonly name: string } }[]
  readonly body?: Node & { readonly body?: readonly Node[] }
  readonly key?: Node
  readonly source?: { readonly value: string } | null
  readonly specifiers?: readonly { readonly local: { readonly name: string } }[]
}

/** The declarations of a module, with their comments. */
interface Module {
  readonly code: string
  readonly nodes: readonly Node[]
  readonly comments: readonly {
    readonly value: string
    readonly start: number
    readonly end: number
  }[]
}

/** The names that an entry exports, each with the module that declares it. */
function namesOf(entry: string): { readonly name: string; readonly from: string }[] {
  const { program } = parseSync(entry, readFileSync(entry, 'utf8'))
  return declarationsIn(program.body as unknown as readonly Node[]).flatMap((node) => {
    if (node.declaration) return namesIn(node.declaration).map((name) => ({ name, from: entry }))
    if (/Interface/.test(node.type)) return [{ name: node.id?.name ?? '', from: entry }]
    // What comes from another package is told of there.
    if (!node.source?.value.startsWith('.')) return []
    const from = resolve(entry, '..', node.source.value)
    return (node.specifiers ?? []).map(({ local: { name } }) => ({ name, from }))
  })
}

/** The statements of a module, and what it adds to another's interfaces (`declare module`). */
function declarationsIn(nodes: readonly Node[]): readonly Node[] {
  return nodes.flatMap((node) =>
    node.type === 'TSModuleDeclaration' ? (node.body?.body ?? []) : isExport(node) ? [node] : [],
  )
}

function isExport({ type }: Node): boolean {
  return type === 'ExportNamedDeclaration'
}

const modules = new Map<string, Module>()

function moduleOf(path: string): Module {
  const source = readFileSync(path, 'utf8')
  const known = modules.get(source)
  if (known) return known
  const { code } = isolatedDeclarationSync(path, source)
  const { program, comments } = parseSync('module.d.ts', code)
  const module = {
    code,
    comments,
    nodes: declarationsIn(program.body as unknown as readonly Node[]),
  }
  modules.set(source, module)
  return module
}

function describe(name: string, module: Module): Exported {
  const declared = module.nodes.flatMap((node) => {
    const inner = node.declaration ?? node
    return namesIn(inner).includes(name) ? [{ node, inner }] : []
  })
  const [first] = declared
  if (!first) throw new Error(`Cannot describe ${name}: its module does not declare it.`)
  return {
    name,
    kind: kindOf(first.inner),
    signatures: declared.map(({ inner }) => headOf(inner, module)),
    doc: docBefore(first.node.start, module),
    members: (membersOf(first.inner) ?? [])
      .filter((member) => !/^\s*(private\b|#)/.test(module.code.slice(member.start, member.end)))
      .map((member) => ({
        signature: tidy(module.code.slice(member.start, member.end)),
        doc: docBefore(member.start, module),
      })),
  }
}

function namesIn(node: Node): readonly string[] {
  if (node.declarations) return node.declarations.map(({ id }) => id.name)
  return node.id ? [node.id.name] : []
}

function kindOf({ type }: Node): Exported['kind'] {
  if (/Function/.test(type)) return 'function'
  if (/Class/.test(type)) return 'class'
  return type === 'VariableDeclaration' ? 'constant' : 'type'
}

function membersOf({ type, body }: Node): readonly Node[] | undefined {
  return /Interface|Class/.test(type) ? body?.body : undefined
}

/** A declaration up to its members. */
function headOf(node: Node, { code }: Module): string {
  const end = membersOf(node) ? (node.body?.start ?? node.end) : node.end
  return tidy(code.slice(node.start, end))
}

/** As the house writes it. */
function tidy(code: string): string {
  return code
    .replace(/^(export )?(declare )?/, '')
    .replaceAll('\t', '  ')
    .replace(/^\s*\/\*\*?[^]*?\*\/\n/gm, '')
    .replace(/;$/gm, '')
    .replace(/"([^"'\\\n]*)"/g, "'$1'")
    .replace(/<\n([^<>]*)\n\s*>/g, (whole, list: string) => onOneLine(whole, list))
    .trim()
}

/** Type parameters that are few, without their lines. */
function onOneLine(whole: string, list: string): string {
  const line = `<${list.trim().replace(/\s+/g, ' ')}>`
  return line.length < 60 ? line : whole
}

/** The doc comment that ends where something begins. */
function docBefore(start: number, { code, comments }: Module): DocComment | undefined {
  const comment = comments.findLast(({ end }) => end <= start)
  if (!comment?.value.startsWith('*')) return undefined
  return code.slice(comment.end, start).trim() === '' ? parseDocComment(comment.value) : undefined
}
