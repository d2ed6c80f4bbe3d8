import { development } from '#development'

/** Browsers keep six connections to a server over HTTP/1.1; a stream takes one for as long as it is open. */
const MOST = 5

/** Warns of the streams that leave a page no connection for anything else. Once for each origin. */
export class Crowd {
  readonly #warned = new Set<string>()

  /** Counts the streams of each origin, `undefined` for those that nobody can know. */
  look(origins: readonly (string | undefined)[]): void {
    // Which protocol the browser speaks with the server cannot be known while streams are open.
    if (!development || !('location' in globalThis)) return
    for (const origin of new Set(origins)) {
      const count = origins.filter((one) => one === origin).length
      if (origin === undefined || count <= MOST || this.#warned.has(origin)) continue
      this.#warned.add(origin)
      console.warn(
        `Millrace: ${count} streams are open to ${origin}. Over HTTP/1.1 a browser keeps six connections to a server, for all its tabs: the page would hang. Serve it over HTTP/2, or read channels of one stream with multiplex().`,
      )
    }
  }
}
