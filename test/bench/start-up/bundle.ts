import { fileURLToPath } from 'node:url'
import { build, type Rolldown } from 'vite'

/** What an app may import. */
export const entries = ['millrace', 'millrace/react', 'millrace/tabs'] as const

/** All that a build has of an entry, as one script that runs at once; React is left to the page. */
export async function bundled(entry: (typeof entries)[number]): Promise<string> {
  const id = fileURLToPath(new URL(`entries/${entry.split('/').at(-1)}.ts`, import.meta.url))
  const [output] = (await build({
    configFile: false,
    mode: 'production',
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"' },
    resolve: { conditions: ['module', 'browser', 'development|production', 'millrace-source'] },
    build: {
      write: false,
      target: 'esnext',
      lib: { entry: id, formats: ['iife'], name: 'everything' },
      rolldownOptions: { external: ['react'], output: { globals: { react: 'React' } } },
    },
  })) as Rolldown.RolldownOutput[]
  const [chunk] = output?.output ?? []
  if (chunk === undefined) throw new Error(`Cannot measure ${entry}: there is nothing of it.`)
  return chunk.code
}
