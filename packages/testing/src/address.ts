/** Tells whether a request goes to an address; its query does not matter. */
export type Matches = (url: string) => boolean

const ABSOLUTE = /^((?:[a-z][a-z0-9+.-]*:)?\/\/[^/]+)(\/.*)?$/i

// A segment that may be missing; in the form in which an address keeps it.
const OPTIONAL = /(\/:\w+)\?(?=\/|$)/g
const KEPT_OPTIONAL = /\/:\w+%3F(?=\/|$)/g

/**
 * A test for an address: relative (of this page, or of any origin where there is no page) or absolute; `/:name` stands
 * for a segment, `/:name?` for one or none, `*` for anything.
 */
export function addressOf(address: string | URL): Matches {
  const [plain = ''] = String(address).replaceAll(OPTIONAL, '$1%3F').split(/[?#]/)
  const [, origin, path = '/'] = ABSOLUTE.exec(plain) ?? [undefined, undefined, plain]
  const anywhere = path.startsWith('*')
  const pattern = patternOf(anywhere ? path : new URL(path, pageUrl()).pathname)
  const wanted = origin === undefined ? undefined : new URL(origin, pageUrl()).origin
  return (url) => {
    const asked = new URL(url)
    if (!pattern.test(asked.pathname)) return false
    if (anywhere) return true
    return asked.origin === (wanted ?? pageOrigin() ?? asked.origin)
  }
}

/** What relative addresses are relative to. */
export function pageUrl(): string {
  return pageOrigin() === undefined ? 'http://localhost/' : location.href
}

function pageOrigin(): string | undefined {
  const { location: page } = globalThis as { location?: Location }
  return page?.protocol.startsWith('http') ? page.origin : undefined
}

function patternOf(path: string): RegExp {
  const source = path
    .replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll(KEPT_OPTIONAL, '(?:/[^/]+)?')
    .replaceAll(/\/:\w+/g, '/[^/]+')
    .replaceAll('*', '.*')
  return new RegExp(`^${source}$`)
}
