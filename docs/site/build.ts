// Writes the site to docs/dist: plain files, for any server of files.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { buildSite } from './site.ts'

const folder = fileURLToPath(new URL('../dist/', import.meta.url))
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
const files = buildSite()
for (const [name, content] of files) writeFileSync(folder + name, content)
console.log(`${files.size} files in docs/dist`)
