// Writes the admin's page: `node packages/server/test/admin-page.ts`.
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'

const sources = new URL('../src/admin/page/', import.meta.url)

/** Where the page is that is served. */
export const servedPage: URL = new URL('../src/admin/page.ts', import.meta.url)

/** The module that holds the page, made of its sources. */
export function renderPage(): string {
  const style = read('page.css')
  const script = stripTypeScriptTypes(read('page.ts'))
    .replaceAll(/[ \t]+$/gm, '')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trimStart()
  const page = read('page.html')
    .replace('<!-- style -->', () => `<style>${style}</style>`)
    .replace('<!-- script -->', () => `<script type="module">${script}</script>`)
  return [
    '/* oxlint-disable max-lines -- it is one page */',
    '// Written by packages/server/test/admin-page.ts, of what is in ./page/: change that.',
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

function read(name: string): string {
  return readFileSync(new URL(name, sources), 'utf8')
}

function literal(text: string): string {
  return `\`${text.replaceAll(/[`\\]|\$\{/g, (sign) => `\\${sign}`)}\``
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}

if (argv[1] === fileURLToPath(import.meta.url)) writeFileSync(servedPage, renderPage())
