import { markUrl } from './mark.ts'
import { MARK, SourceClient } from './page-client.ts'
import type { Watch } from './page-client.ts'

/** Puts an `EventSource` in the place of the page's that knows what it has dispatched. */
export function watchEventSource({ isWatched, add }: Watch): void {
  const Native = globalThis.EventSource
  globalThis.EventSource = class EventSource extends Native {
    readonly #client: SourceClient | undefined
    readonly #url: string

    constructor(url: string | URL, init?: EventSourceInit) {
      const address = URL.parse(String(url), document.baseURI)
      const client = address && isWatched(address.href) ? new SourceClient() : undefined
      super(client && address ? markUrl(address, client.id) : url, init)
      this.#client = client
      this.#url = address?.href ?? ''
      if (!client) return
      add(client)
      client.await()
      this.addEventListener(MARK, ({ data }: MessageEvent<string>) => client.reach(data))
      this.addEventListener('open', (event) => {
        // A server may call its events so, too.
        if (!('data' in event)) client.arrived()
      })
      this.addEventListener('error', (event) => {
        if (!('data' in event)) client.end(this.readyState === Native.CONNECTING)
      })
    }

    override get url(): string {
      return this.#url
    }

    override close(): void {
      super.close()
      this.#client?.leave()
    }
  }
}
