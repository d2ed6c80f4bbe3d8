// Lints what npm would publish: publint and are-the-types-wrong on each packed package.
import { execFileSync } from 'node:child_process'
import { packageFolders } from './packages.ts'

for (const folder of packageFolders) {
  execFileSync('publint', ['--strict', folder], { stdio: 'inherit' })
  execFileSync('attw', ['--pack', folder, '--profile', 'esm-only', '--quiet'], { stdio: 'inherit' })
}
