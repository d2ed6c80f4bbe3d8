import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { packageFolders } from '../environment/packages.ts'

const root = new URL('../../', import.meta.url)
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8')

interface Manifest {
  readonly name: string
  readonly version: string
  readonly license: string
  readonly description?: string
  readonly keywords?: readonly string[]
  readonly files?: readonly string[]
  readonly engines?: { readonly node?: string }
  readonly sideEffects?: unknown
  readonly dependencies?: Readonly<Record<string, string>>
  readonly bundledDependencies?: unknown
  readonly bundleDependencies?: unknown
}

const manifestOf = (folder: string): Manifest =>
  JSON.parse(read(`${folder}/package.json`)) as Manifest
const manifests = packageFolders.map(manifestOf)

test.each(packageFolders)('%s has what a stranger looks for', (folder) => {
  const manifest = manifestOf(folder)
  expect(manifest.description).toMatch(/\.$/)
  expect(manifest.keywords?.length).toBeGreaterThan(2)
  expect(manifest.engines?.node).toMatch(/^>=/)
  expect(manifest.sideEffects).toBeDefined()
  expect(manifest.files).toContain('!dist/.tsbuildinfo')
  // npm puts these two into every package that has them.
  expect(read(`${folder}/LICENSE`)).toBe(read('LICENSE'))
  expect(read(`${folder}/README.md`)).toMatch(new RegExp(`^# ${manifest.name}\n`))
})

test('the packages have one version, and need each other at it', () => {
  const names = new Set(manifests.map(({ name }) => name))
  const needed = manifests.flatMap(({ dependencies = {} }) =>
    Object.entries(dependencies).flatMap(([name, range]) => (names.has(name) ? [range] : [])),
  )
  const versions = new Set([...manifests.map(({ version }) => version), ...needed])
  expect([needed.length, versions.size]).toEqual([1, 1])
})

test('nothing is bundled, and what is installed with the packages is as free as they are', () => {
  for (const manifest of manifests) {
    expect(manifest.license).toBe('MIT')
    expect(manifest.bundledDependencies ?? manifest.bundleDependencies).toBeUndefined()
    for (const name of Object.keys(manifest.dependencies ?? {})) {
      expect([name, manifestOf(`node_modules/${name}`).license]).toEqual([name, 'MIT'])
    }
  }
})

test.each(globSync('.github/workflows/*.yml', { cwd: root }))('what %s uses is pinned', (path) => {
  const actions = [...read(path).matchAll(/uses: (\S+)(.*)/g)]
  expect(actions.length).toBeGreaterThan(0)
  for (const [, action, version] of actions) {
    expect(action).toMatch(/@[\da-f]{40}$/)
    expect(version).toMatch(/ # v[\d.]+$/)
  }
})

test('what is published says where it comes from', () => {
  const workflow = read('.github/workflows/publish.yml')
  expect(workflow).toContain('id-token: write')
  expect(workflow).toContain('changeset publish')
  expect(workflow).toMatch(/NPM_CONFIG_PROVENANCE: 'true'/)
})

test('changesets move all packages together, and name no other', () => {
  const names = manifests.map(({ name }) => name)
  const { fixed } = JSON.parse(read('.changeset/config.json')) as { fixed: string[][] }
  expect(fixed).toEqual([names])
  for (const changeset of globSync('.changeset/*.md', { cwd: root })) {
    const [, head = '', summary = ''] = /^---\n([^]*?)---\n([^]*)$/.exec(read(changeset)) ?? []
    const named = [...head.matchAll(/^'(.+)': (?:major|minor|patch)$/gm)].map(([, name]) => name)
    expect(named.length).toBeGreaterThan(0)
    expect(names).toEqual(expect.arrayContaining(named))
    expect(summary).toMatch(/\w/)
  }
})
