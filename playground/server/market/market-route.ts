import { createEventServer, finiteReplay } from '@millrace/server'
import { createAdmin } from '@millrace/server/admin'
import { toNodeHandler } from '@millrace/server/node'
import { pathnameOf, type Route } from '../route.ts'
import { StreamRoute } from '../stream-route.ts'
import { Market, type MarketOptions } from './market.ts'

interface MarketRouteOptions extends Omit<MarketOptions, 'publish'> {
  /** Milliseconds until clients come back. */
  readonly retry: number
}

interface MarketRoute extends Required<Route> {
  readonly market: Market
}

/** The market and its stream, and the admin's page of its server at `/admin`. */
export async function openMarket({ retry, ...options }: MarketRouteOptions): Promise<MarketRoute> {
  const events = createEventServer({ replay: finiteReplay({ count: 2_000 }), retry })
  const market = new Market({ ...options, publish: events.publish })
  const stream = new StreamRoute({ path: '/market', events, published: () => market.published })
  // It runs on the visitor's own machine.
  const admin = createAdmin(events, { authorize: () => true })
  const adminPage = toNodeHandler(admin)
  await market.open()

  return {
    market,
    handle: (request, response) => {
      if (!/^\/admin(?:\/|$)/.test(pathnameOf(request))) return stream.handle(request, response)
      adminPage(request, response)
      return true
    },
    close: async () => {
      market.close()
      await Promise.all([admin.close(), events.close()])
    },
  }
}
