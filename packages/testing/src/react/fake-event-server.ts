import { fakeEventServer as fakeAnyEventServer } from '../fake-event-server.ts'
import type { FakeEventServer, FakeEventServerOptions } from '../fake-event-server.ts'
import { inAct } from './act.ts'

/**
 * A fake server for tests of React components: what it delivers is rendered when its promise resolves, and React does
 * not warn about `act`.
 *
 * @example
 * const events = fakeEventServer('/events')
 * render(<Price />)
 * await events.send({ event: 'tick', data: { price: 1 } })
 * expect(screen.getByText('1')).toBeDefined()
 */
export function fakeEventServer<Data = undefined>(
  url: string | URL,
  options: FakeEventServerOptions<Data> = {},
): FakeEventServer {
  return fakeAnyEventServer<Data>(url, { ...options, wrap: options.wrap ?? inAct })
}
