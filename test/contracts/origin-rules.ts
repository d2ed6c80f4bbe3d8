import type { TransportRequest } from 'millrace'
import type { Answer } from '../environment/wire.ts'

/** The two origins that a rule is about. */
export interface Origins {
  /** The page's own. */
  readonly home: string
  readonly elsewhere: string
}

/** One rule about pages and the origins of their streams: Fetch, 3.3 "CORS protocol", and 2.2.5 on credentials. */
export interface OriginRule {
  readonly name: string
  /** Whether a native `EventSource` can be asked for it. */
  readonly hears: 'both' | 'fetch'
  /** Where the stream is. */
  readonly at: keyof Origins
  readonly request?: Partial<TransportRequest>
  readonly answers: (origins: Origins) => readonly Answer[]
  readonly opens: boolean
  /** Whether the page's cookie went along, where the request arrived at all. */
  readonly cookie?: boolean
  /** How often `fetch` asks for leave first; an `EventSource` never does. */
  readonly preflights?: number
  /** Hosts that break it, and why that is not ours to mend. */
  readonly except?: Readonly<Record<string, string>>
}

const stream = (headers: Answer['headers'] = {}) => [{ headers, ending: 'hang' } as const]
const everyone = { 'access-control-allow-origin': '*' }
const withCredentials = ({ home }: Origins) => ({
  'access-control-allow-origin': home,
  'access-control-allow-credentials': 'true',
})
/** A redirect to a stream with these headers, on the other origin. */
const away = ({ elsewhere }: Origins, headers: Answer['headers']) => {
  const answer = encodeURIComponent(JSON.stringify(stream(headers)[0]))
  return [{ status: 307, headers: { location: `${elsewhere}/wire/once?${answer}` } }]
}

const asksAlways = { 'fetch in happy-dom': 'it asks for leave whatever the request is' }
const asksLittle = {
  'fetch in happy-dom': 'it heeds allowed origins and methods, and nothing else',
}

/** What a page must be able to rely on, whichever transport it takes. */
export const originRules: readonly OriginRule[] = [
  {
    name: 'the own origin gets its cookies',
    hears: 'both',
    at: 'home',
    answers: () => stream(),
    opens: true,
    cookie: true,
  },
  {
    name: 'with credentials, the own origin gets its cookies as well',
    hears: 'both',
    at: 'home',
    request: { credentials: 'include' },
    answers: () => stream(),
    opens: true,
    cookie: true,
  },
  {
    name: 'without credentials, not even the own origin gets its cookies',
    hears: 'fetch',
    at: 'home',
    request: { credentials: 'omit' },
    answers: () => stream(),
    opens: true,
    cookie: false,
  },
  {
    name: 'another origin that does not allow the page gives no stream',
    hears: 'both',
    at: 'elsewhere',
    answers: () => stream(),
    opens: false,
    except: asksAlways,
  },
  {
    name: 'another origin that allows another page gives no stream',
    hears: 'both',
    at: 'elsewhere',
    answers: () => stream({ 'access-control-allow-origin': 'https://other.test' }),
    opens: false,
    except: asksAlways,
  },
  {
    name: 'another origin that allows everyone gives a stream, and gets no cookies',
    hears: 'both',
    at: 'elsewhere',
    answers: () => stream(everyone),
    opens: true,
    cookie: false,
    except: asksAlways,
  },
  {
    name: 'with credentials, another origin gets its cookies',
    hears: 'both',
    at: 'elsewhere',
    request: { credentials: 'include' },
    answers: (origins) => stream(withCredentials(origins)),
    opens: true,
    cookie: true,
    except: asksAlways,
  },
  {
    name: 'with credentials, it is not enough that another origin allows everyone',
    hears: 'both',
    at: 'elsewhere',
    request: { credentials: 'include' },
    answers: () => stream(everyone),
    opens: false,
    except: asksLittle,
  },
  {
    name: 'another origin that allows the cursor can be resumed',
    hears: 'both',
    at: 'elsewhere',
    request: { lastEventId: '17' },
    answers: () => stream({ ...everyone, 'access-control-allow-headers': 'last-event-id' }),
    opens: true,
    cookie: false,
    preflights: 1,
  },
  {
    name: 'another origin that does not allow the cursor is not asked for a stream',
    hears: 'fetch',
    at: 'elsewhere',
    request: { lastEventId: '17' },
    answers: () => stream(everyone),
    opens: false,
    preflights: 1,
    except: asksLittle,
  },
  {
    name: 'a redirect to another origin that allows the page is followed',
    hears: 'both',
    at: 'home',
    answers: (origins) => away(origins, everyone),
    opens: true,
  },
  {
    name: 'a redirect to another origin that does not allow the page leads nowhere',
    hears: 'both',
    at: 'home',
    answers: (origins) => away(origins, {}),
    opens: false,
  },
]
