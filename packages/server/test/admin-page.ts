// Writes the admin's page: `node packages/server/test/admin-page.ts`.
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'
import { build } from 'rolldown'

const sources = new URL('../src/admin/page/', import.meta.url)

/** Where the page is that is served. */
export const servedPage: URL = new URL('../src/admin/served-page.ts', import.meta.url)

/** The module that holds the page, made of its sources. */
export async function renderPage(): Promise<string> {
  const style = read('style.css').replaceAll(/\s+/g, ' ').trim()
  const script = await bundle('main.ts')
  const page = read('document.html')
    .replaceAll(/\s*\n\s*/g, ' ')
    .replace('<!-- style -->', () => `<style>${style}</style>`)
    .replace('<!-- script -->', () => `<script type="module">${script}</script>`)
  return [
    '// Written by packages/server/test/admin-page.ts, of what is in ./page/: change that, and run this.',
    '',
    '/** The page, whole: nothing else is fetched but the stream. */',
    `export const PAGE: string = ${literal(page)}`,
    '',
    '/** The hashes that a Content-Security-Policy knows its script and its style by. */',
    `export const SCRIPT_HASH: string = '${hashOf(script)}'`,
    `export const STYLE_HASH: string = '${hashOf(style)}'`,
    '',
  ].join('\n')
}

async function bundle(name: string): Promise<string> {
  const input = fileURLToPath(new URL(name, sources))
  const { output } = await build({ input, write: false, output: { minify: true } })
  return output[0].code.trim()
}

function read(name: string): string {
  return readFileSync(new URL(name, sources), 'utf8')
}

function literal(text: string): string {
  return `\`${text.replaceAll(/[`\\]|\$\{/g, (sign) => `\\${sign}`)}\``
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}

if (argv[1] === fileURLToPath(import.meta.url)) writeFileSync(servedPage, await renderPage())
