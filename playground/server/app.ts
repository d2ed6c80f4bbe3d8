import { rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { fileURLToPath } from 'node:url'
import { createServer as createVite, type ViteDevServer } from 'vite'
import { openChannels } from './channels/channels-route.ts'
import { docs } from './docs.ts'
import { documents } from './documents.ts'
import { openFaultLabs } from './faults/faults-route.ts'
import { openLog } from './log/log-route.ts'
import type { Market } from './market/market.ts'
import { openMarket } from './market/market-route.ts'
import type { Route } from './route.ts'
import { openTabs } from './tabs/tabs-route.ts'
import { openTokens } from './tokens/tokens-route.ts'

export interface PlaygroundOptions {
  /** The same seed trades the same. Defaults to `7`. */
  readonly seed?: number | undefined
  /** Whether edited files reach the page. Defaults to `true`. */
  readonly watch?: boolean | undefined
  /** Milliseconds until clients come back, as the server tells them. Defaults to `500`. */
  readonly retry?: number | undefined
  /** Milliseconds between two tokens of an answer. Defaults to `40`. */
  readonly pace?: number | undefined
  /** Milliseconds between two events of the failure lab. Defaults to `500`. */
  readonly beat?: number | undefined
  /** Hears the id of every event of the market, in order. */
  readonly onPublish?: ((id: string) => void) | undefined
}

/** The playground, ready to listen. */
export interface Playground {
  readonly server: Server
  readonly market: Market
  readonly close: () => Promise<void>
}

/** The pages, their event streams and what breaks them behind one server: one origin, as in production. */
export async function createPlayground(options: PlaygroundOptions = {}): Promise<Playground> {
  const { seed = 7, watch = true, retry = 500, pace = 40, beat = 500, onPublish } = options
  const server = createServer((request, response) => {
    routes.some((route) => route.handle(request, response))
  })
  const vite = await serveSources(server, watch)
  const { market, ...marketRoute } = await openMarket({ seed, retry, onPublish })
  const routes: readonly Route[] = [
    docs(),
    marketRoute,
    openChannels({ retry }),
    openTokens({ pace }),
    openLog({ retry, seed }),
    openTabs({ retry }),
    openFaultLabs({ retry, beat }),
    documents({
      vite,
      snapshots: { '/': () => market.snapshot().news[0], '/market': () => market.snapshot() },
    }),
  ]

  return {
    server,
    market,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      await Promise.all(routes.map(async (route) => route.close?.()))
      server.closeAllConnections()
      await closed
      if (!watch) await rm(vite.config.cacheDir, { recursive: true, force: true })
    },
  }
}

function serveSources(server: Server, watch: boolean): Promise<ViteDevServer> {
  const root = fileURLToPath(new URL('..', import.meta.url))
  return createVite({
    root,
    configFile: `${root}/vite.config.ts`,
    server: {
      middlewareMode: { server },
      ws: { server },
      ...(!watch && { watch: null }),
    },
    ...(!watch && {
      // What is bundled for one must not be replaced under another that runs at the same time.
      cacheDir: `${root}/node_modules/.vite-unwatched/${process.pid}`,
      // What nobody edits meanwhile is sent in one piece.
      optimizeDeps: { include: ['millrace', 'millrace/react', 'millrace/tabs'] },
    }),
    logLevel: 'warn',
  })
}
