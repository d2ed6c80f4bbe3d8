import { createServer, type Server } from 'node:http'
import { fileURLToPath } from 'node:url'
import { createEventServer, finiteReplay } from '@millrace/server'
import { createAdmin } from '@millrace/server/admin'
import { toNodeHandler } from '@millrace/server/node'
import { createServer as createVite, type ViteDevServer } from 'vite'
import { Connections } from './connections.ts'
import { Controls } from './controls.ts'
import { Market } from './market.ts'
import { snapshotInPage } from './snapshot.ts'

export interface PlaygroundOptions {
  /** The same seed trades the same. Defaults to `7`. */
  readonly seed?: number | undefined
  /** Whether edited files reach the page. Defaults to `true`. */
  readonly watch?: boolean | undefined
  /** Hears the id of every event that the server published, in order. */
  readonly onPublish?: ((id: string) => void) | undefined
}

/** The playground, ready to listen. */
export interface Playground {
  readonly server: Server
  readonly market: Market
  readonly close: () => Promise<void>
}

/** The page, its event stream and its fault buttons behind one server: one origin, as in production. */
export async function createPlayground(options: PlaygroundOptions = {}): Promise<Playground> {
  const { seed = 7, watch = true, onPublish } = options
  const events = createEventServer({ replay: finiteReplay({ count: 2_000 }), retry: 500 })
  const market = new Market({ publish: events.publish, seed, onPublish })
  const connections = new Connections()
  const controls = new Controls(connections, () => market.published)
  const stream = toNodeHandler(events)
  // It runs on the visitor's own machine.
  const admin = createAdmin(events, { authorize: () => true })
  const adminPage = toNodeHandler(admin)

  const server = createServer((request, response) => {
    const { url = '/' } = request
    if (controls.handle(request, response)) return
    if (/^\/admin(?:[/?]|$)/.test(url)) {
      adminPage(request, response)
      return
    }
    if (!/^\/events(\?|$)/.test(url)) {
      vite.middlewares(request, response)
    } else if (controls.answering) {
      connections.add(url, response)
      stream(request, response)
    } else {
      response.writeHead(503).end('Cannot open the stream: it was stopped. Bring it back.\n')
    }
  })
  const vite = await serveSources({ server, market, watch })
  await market.open()

  return {
    server,
    market,
    close: async () => {
      market.close()
      await Promise.all([admin.close(), events.close()])
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      await vite.close()
      server.closeAllConnections()
      await closed
    },
  }
}

interface Sources {
  readonly server: Server
  readonly market: Market
  readonly watch: boolean
}

function serveSources({ server, market, watch }: Sources): Promise<ViteDevServer> {
  const root = fileURLToPath(new URL('..', import.meta.url))
  return createVite({
    root,
    configFile: `${root}/vite.config.ts`,
    plugins: [snapshotInPage(() => market.snapshot())],
    server: {
      middlewareMode: { server },
      ws: { server },
      ...(!watch && { watch: null }),
    },
    // What is bundled for one must not be replaced under another that runs at the same time.
    ...(!watch && { cacheDir: `${root}/node_modules/.vite-unwatched` }),
    logLevel: 'warn',
  })
}
