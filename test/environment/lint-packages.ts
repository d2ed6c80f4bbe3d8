// Lints what npm would publish: publint and are-the-types-wrong on each packed package.
import { execFileSync } from 'node:child_process'

for (const name of ['client', 'server', 'testing']) {
  const folder = `packages/${name}`
  execFileSync('publint', ['--strict', folder], { stdio: 'inherit' })
  execFileSync('attw', ['--pack', folder, '--profile', 'esm-only', '--quiet'], { stdio: 'inherit' })
}
