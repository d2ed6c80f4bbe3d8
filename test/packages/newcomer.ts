import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { packageFolders } from '../environment/packages.ts'

const execute = promisify(execFile)
const repository = fileURLToPath(new URL('../../', import.meta.url))

/** A project outside the repository that has the packages as npm would publish them, and the snippets in `src`. */
export interface Newcomer {
  readonly folder: string
  readonly read: (path: string) => Promise<string>
  readonly write: (path: string, content: string | object) => Promise<void>
  /** Runs a program of `node_modules`; gives what it wrote, or fails with it. */
  readonly run: (program: string, ...args: string[]) => Promise<string>
  /** Starts a script of the folder, in this Node or another; gives the first line that it writes, and what kills it. */
  readonly start: (script: string, options: StartOptions) => Promise<Started>
  readonly remove: () => Promise<void>
}

interface StartOptions {
  readonly node?: string
  readonly port?: number
}

interface Started {
  readonly line: string
  readonly kill: () => Promise<void>
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
    read: (path) => readFile(join(folder, path), 'utf8'),
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
    start: (script, { node = process.execPath, port = 0 }) =>
      start(folder, node, [script], { ...process.env, PORT: String(port) }),
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

async function start(
  cwd: string,
  node: string,
  args: string[],
  env: NodeJS.ProcessEnv,
): Promise<Started> {
  const child = spawn(node, args, { cwd, env, stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  const kill = async (): Promise<void> => {
    if (child.exitCode ?? child.signalCode) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  return { line, kill }
}

/** Installs a Node of this version into a folder; gives its path. */
export async function installNode(folder: string, version: string): Promise<string> {
  await mkdir(folder)
  const manifest = {
    private: true,
    type: 'module',
    allowScripts: { node: true },
    dependencies: { node: version },
  }
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest))
  await execute('npm', ['install', '--no-audit', '--no-fund'], { cwd: folder })
  return join(folder, 'node_modules/node/bin/node')
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
