import { fileURLToPath } from 'node:url'
import { build, type Rollup } from 'vite'

/** The script of a page, as a bundler makes it from our sources. */
export async function bundlePage(entry: URL): Promise<string> {
  const built = (await build({
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['millrace-source', 'module', 'browser'] },
    build: {
      write: false,
      target: 'esnext',
      rolldownOptions: { input: fileURLToPath(entry) },
    },
  })) as Rollup.RollupOutput
  return built.output[0].code
}
