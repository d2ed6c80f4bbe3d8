/** Browsers keep six connections to a server over HTTP/1.1; a stream takes one for as long as it is open. */
const MOST = 5

const warned = new WeakMap<object, Set<string>>()

/**
 * Warns of the streams that leave a page no connection for anything else: once for each pool and origin, `undefined`
 * for those that nobody can know.
 */
export function warnOfCrowd(
  feeds: ReadonlyMap<string, { readonly options: { readonly origin: string | undefined } }>,
): void {
  // Which protocol the browser speaks with the server cannot be known while streams are open.
  if (!('location' in globalThis)) return
  const told = warned.get(feeds) ?? new Set()
  warned.set(feeds, told)
  const origins = Array.from(feeds.values(), ({ options }) => options.origin)
  for (const origin of new Set(origins)) {
    const count = origins.filter((one) => one === origin).length
    if (origin === undefined || count <= MOST || told.has(origin)) continue
    told.add(origin)
    console.warn(
      `Millrace: ${count} streams are open to ${origin}. Over HTTP/1.1 a browser keeps six connections to a server, for all its tabs: the page would hang. Serve it over HTTP/2, or read channels of one stream with multiplex().`,
    )
  }
}
