import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { packageFolders } from '../environment/packages.ts'

const execute = promisify(execFile)
const repository = fileURLToPath(new URL('../../', import.meta.url))

/** A project outside the repository that has the packages as npm would publish them, and the snippets in `src`. */
export interface Newcomer {
  readonly folder: string
  readonly write: (path: string, content: string | object) => Promise<void>
  /** Runs a program of `node_modules`; gives what it wrote, or fails with it. */
  readonly run: (program: string, ...args: string[]) => Promise<string>
  readonly remove: () => Promise<void>
}

/** Builds and packs the packages, and installs them beside what else is named. */
export async function createNewcomer(dependencies: Record<string, string>): Promise<Newcomer> {
  const folder = await mkdtemp(join(tmpdir(), 'newcomer-'))
  const write = (path: string, content: string | object) =>
    writeFile(
      join(folder, path),
      typeof content === 'string' ? content : JSON.stringify(content, undefined, 2),
    )
  const packed = join(folder, 'packed')
  await mkdir(packed)
  await execute('npm', ['run', 'build'], { cwd: repository })
  const folders = packageFolders.map((path) => `./${path}`)
  await execute('npm', ['pack', '--pack-destination', packed, ...folders], { cwd: repository })

  await write('package.json', { private: true, type: 'module', dependencies })
  const tarballs = (await readdir(packed)).map((name) => `./packed/${name}`)
  await execute('npm', ['install', '--no-audit', '--no-fund', ...tarballs], { cwd: folder })

  await cp(join(repository, 'test/docs'), join(folder, 'src'), {
    recursive: true,
    filter: async (path) =>
      (await stat(path)).isDirectory() || path.endsWith('.d.ts') || isSnippet(path),
  })
  return {
    folder,
    write,
    run: async (program, ...args) => {
      const script = join(folder, 'node_modules', program)
      try {
        return (await execute(process.execPath, [script, ...args], { cwd: folder })).stdout
      } catch (error) {
        const { stdout, stderr } = error as { stdout: string; stderr: string }
        throw new Error(`${program} failed:\n${stdout}${stderr}`, { cause: error })
      }
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

/** Snippets name themselves in their first line; their tests do not. */
async function isSnippet(path: string): Promise<boolean> {
  const [first = ''] = (await readFile(path, 'utf8')).split('\n', 1)
  return first.includes(basename(path))
}

/** The versions of these packages that the repository itself is tested with. */
export async function testedVersions(names: readonly string[]): Promise<Record<string, string>> {
  const versions = new Map<string, string>()
  for (const path of ['package.json', 'test/package.json']) {
    // oxlint-disable-next-line no-await-in-loop -- two small files
    const manifest = JSON.parse(await readFile(join(repository, path), 'utf8')) as {
      dependencies?: Record<string, string>
      devDependencies?: Record<string, string>
    }
    for (const group of [manifest.dependencies, manifest.devDependencies]) {
      for (const [name, version] of Object.entries(group ?? {})) versions.set(name, version)
    }
  }
  return Object.fromEntries(names.map((name) => [name, versions.get(name) ?? 'unknown']))
}
