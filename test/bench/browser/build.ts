import { fileURLToPath } from 'node:url'
import { build, type Rolldown } from 'vite'
import type { Files } from '../wire/host.ts'

/** Builds a page that runs this module, for production, as an app's own build would. */
export async function buildPage(module: URL): Promise<Files> {
  const root = fileURLToPath(new URL('./', module))
  const built = (await build({
    configFile: false,
    root,
    mode: 'production',
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"' },
    resolve: { conditions: ['module', 'browser', 'development|production', 'millrace-source'] },
    build: {
      write: false,
      target: 'esnext',
      modulePreload: false,
      rolldownOptions: { input: fileURLToPath(module), output: { entryFileNames: 'page.js' } },
    },
  })) as Rolldown.RolldownOutput
  const chunks = built.output.filter((file) => file.type === 'chunk')
  const scripts = chunks.map(({ fileName, code }) => [
    `/${fileName}`,
    { type: 'text/javascript', text: code },
  ])
  const html =
    '<!doctype html><meta charset="utf-8"><title>Bench</title><link rel="icon" href="data:,"><div id="page"></div><script type="module" src="/page.js"></script>'
  return {
    ...(Object.fromEntries(scripts) as Files),
    '/': { type: 'text/html; charset=utf-8', text: html },
  }
}
