import { fileURLToPath } from 'node:url'
import { build, type Rollup } from 'vite'

const source = process.env['MILLRACE_FROM'] === 'dist' ? [] : ['millrace-source']

/** The script of a page, as a bundler makes it from our sources, or from the built packages. */
export async function bundlePage(entry: URL): Promise<string> {
  const built = (await build({
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: [...source, 'module', 'browser'] },
    build: {
      write: false,
      target: 'esnext',
      rolldownOptions: { input: fileURLToPath(entry) },
    },
  })) as Rollup.RollupOutput
  return built.output[0].code
}
