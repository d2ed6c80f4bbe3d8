import { mkdir, rename, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const origin = process.env['MILLRACE_FROM'] === 'dist' ? 'dist' : 'source'
const conditions = origin === 'dist' ? [] : ['millrace-source']
const root = new URL('../../', import.meta.url)
const folder = new URL(`node_modules/.cache/millrace/${origin}/`, root)
const bundled = new Map<string, Promise<URL>>()

/**
 * A program for Node in one file, made of our sources, or of the built packages: a process, or a thread, takes four
 * times as long to load as many files.
 */
export function bundleProgram(entry: URL): Promise<URL> {
  const known = bundled.get(entry.href) ?? bundle(entry)
  bundled.set(entry.href, known)
  return known
}

async function bundle(entry: URL): Promise<URL> {
  await using program = await rolldown({
    input: fileURLToPath(entry),
    platform: 'node',
    resolve: { conditionNames: [...conditions, 'node', 'import', 'default'] },
  })
  const { output } = await program.generate({ format: 'esm', codeSplitting: false })
  const name = entry.href.slice(root.href.length).replaceAll('/', '-')
  const file = new URL(name.replace(/ts$/, 'mjs'), folder)
  // Who reads it while another makes it anew has all of one or the other.
  const part = new URL(`${file.href}.${process.pid}`)
  await mkdir(folder, { recursive: true })
  await writeFile(part, output[0].code)
  await rename(part, file)
  return file
}
