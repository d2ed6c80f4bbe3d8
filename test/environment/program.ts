import { execFileSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** The absolute path of the first of these that is a program: by its name in `PATH`, or a path itself. */
export function findProgram(
  names: readonly string[],
  paths: readonly string[] = [],
): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  return [...folders.flatMap((folder) => names.map((name) => join(folder, name))), ...paths].find(
    isExecutable,
  )
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Installs a package through apt, for the reason given; `false` where that cannot be. */
export function installWithApt(name: string, because: string): boolean {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return false
  console.log(`Installing ${name} (apt-get install ${name}): ${because}`)
  apt('update', '-qq')
  apt('install', '-y', '-qq', '--no-install-recommends', name)
  return true
}

function apt(...args: string[]): void {
  execFileSync('apt-get', args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    // A package may have a server that it would start.
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
  })
}
