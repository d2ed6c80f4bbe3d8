import { invalid, shown } from './argument.ts'
import type { HarnessError } from './error.ts'

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
  if (!isAddress(address)) throw noAddress(address)
  const [plain = ''] = String(address).replaceAll(OPTIONAL, '$1%3F').split(/[?#]/)
  const [, origin, path = '/'] = ABSOLUTE.exec(plain) ?? [undefined, undefined, plain]
  const anywhere = path.startsWith('*')
  const kept = anywhere ? path : URL.parse(path, pageUrl())?.pathname
  const wanted = origin === undefined ? undefined : URL.parse(origin, pageUrl())?.origin
  if (kept === undefined || (origin !== undefined && wanted === undefined)) throw noAddress(address)
  const pattern = patternOf(kept)
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

function isAddress(given: unknown): boolean {
  if (typeof given === 'string') return given !== ''
  // By its name: in jsdom there is the URL of the page, and that of Node.
  return Object.prototype.toString.call(given) === '[object URL]'
}

function noAddress(given: unknown): HarnessError {
  const remedy = "give one as '/events' or 'https://example.com/events'"
  return invalid(`fake ${shown(given)}`, 'it is no address', remedy)
}

function patternOf(path: string): RegExp {
  const source = path
    .replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll(KEPT_OPTIONAL, '(?:/[^/]+)?')
    .replaceAll(/\/:\w+/g, '/[^/]+')
    .replaceAll('*', '.*')
  return new RegExp(`^${source}$`)
}
