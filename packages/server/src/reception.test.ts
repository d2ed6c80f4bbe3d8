import { describe, expect, test, vi } from 'vitest'
import { connect, open, resumeFrom } from '../test/connect.ts'
import { byPath } from './channel.ts'
import { createEventServer } from './event-server.ts'
import { finiteReplay } from './log/finite-replay.ts'
import type { EventServerOptions } from './options.ts'
import { localProvider } from './provider.ts'

const get = (path: string, init?: RequestInit): Request =>
  new Request(`http://localhost${path}`, init)

test('the head and a comment go out before any event', async () => {
  const stream = await open(createEventServer())
  expect(stream.response.status).toBe(200)
  expect(stream.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  expect(stream.response.headers.get('cache-control')).toBe('no-cache, no-transform')
  expect(stream.response.headers.get('x-accel-buffering')).toBe('no')
  expect(await stream.read()).toBe(': connected\n\n')
})

test('where there is a replay, the head of a new stream says where the order stands', async () => {
  const events = createEventServer({ replay: finiteReplay({ count: 10 }), epoch: 'e' })
  await events.broadcast({ data: 'before' })
  const stream = await open(events)
  expect(await stream.read()).toMatch(/^id: e-1\n\n$/m)
  const resumed = await open(events, '/events', resumeFrom('e-1'))
  expect(await resumed.read()).not.toContain('id:')
})

test('the retry time stands at the head of the stream', async () => {
  const stream = await open(createEventServer({ retry: 3000 }))
  expect(await stream.read()).toBe(': connected\nretry: 3000\n\n')
})

test('a server without keep-alive promises no comments', async () => {
  const stream = await open(createEventServer({ keepAlive: false }))
  expect(await stream.read()).toBe('\n')
})

test('a session is there as soon as fetch returns', () => {
  const events = createEventServer()
  void events.fetch(get('/'))
  expect(events.sessions.size).toBe(1)
})

test('headers of the application come besides the usual ones, or instead of them', async () => {
  const events = createEventServer({
    headers: (request) => [
      ['x-path', new URL(request.url).pathname],
      ['cache-control', 'no-store'],
      ['set-cookie', 'a=1'],
      ['set-cookie', 'b=2'],
    ],
  })
  const { headers } = await events.fetch(get('/here'))
  expect(headers.get('x-path')).toBe('/here')
  expect(headers.get('cache-control')).toBe('no-store')
  expect(headers.getSetCookie()).toEqual(['a=1', 'b=2'])
})

test('a headers function that throws is a 500 and no session', async () => {
  const onError = vi.fn<(error: Error) => void>()
  const events = createEventServer({
    onError,
    headers: () => {
      throw new Error('boom')
    },
  })
  expect((await events.fetch(get('/'))).status).toBe(500)
  expect(events.sessions.size).toBe(0)
  expect(onError).toHaveBeenCalledOnce()
})

test('a header that would start another is a 500, and no session', async () => {
  const onError = vi.fn<(error: Error) => void>()
  const headers = (request: Request): HeadersInit => ({
    'x-echo': new URL(request.url).searchParams.get('echo') ?? '',
  })
  const events = createEventServer({ onError, headers })
  expect((await events.fetch(get('/?echo=ok'))).headers.get('x-echo')).toBe('ok')
  const response = await events.fetch(get('/?echo=a%0D%0Aset-cookie:%20b'))
  expect(response.status).toBe(500)
  expect(response.headers.get('set-cookie')).toBeNull()
  expect(events.sessions.size).toBe(1)
  expect(onError).toHaveBeenCalledOnce()
})

const refusals: [string, number, EventServerOptions, ...Parameters<typeof get>][] = [
  ['a POST', 405, {}, '/', { method: 'POST' }],
  ['another type', 406, {}, '/', { headers: { accept: 'text/html, application/json' } }],
  ['a weight of 0', 406, {}, '/', { headers: { accept: 'text/event-stream;q=0, */*' } }],
  ['a broken channel', 400, {}, '/?channel=a//b', {}],
  ['too many channels', 400, { maxChannels: 1 }, '/?channel=a&channel=b', {}],
  ['the root, which nobody granted', 403, {}, '/?channel=/', {}],
  ['what is not granted', 403, { authorize: () => ({ channels: ['a'] }) }, '/?channel=b', {}],
  ['a full house', 503, { maxSessions: 0 }, '/', {}],
  ['a client that has gone', 503, {}, '/', { signal: AbortSignal.abort() }],
]
test.each(refusals)('%s is refused with %i', async (_, status, options, ...address) => {
  const events = createEventServer(options)
  const response = await events.fetch(get(...address))
  expect(response.status).toBe(status)
  expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8')
  expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  expect(await response.text()).toMatch(/^Cannot .+: .+\. .+\.\n$/)
  expect(events.sessions.size).toBe(0)
})

test('a refusal repeats what a client has written in one line, quoted, and not at any length', async () => {
  const events = createEventServer({ authorize: () => ({ channels: ['a'] }) })
  const names = Array.from({ length: 100 }, (_, n) => `channel=${'x'.repeat(250)}${n}`)
  const requests = [
    get('/', { headers: { accept: `text/html;"<script>${'x'.repeat(5000)}` } }),
    get(`/?${names.join('&')}`),
    get(`/?channel=${'<'.repeat(300)}`),
    get('/?channel=%0Adata:%20x'),
  ]
  for (const request of requests) {
    const text = await (await events.fetch(request)).text()
    expect(text.length).toBeLessThan(400)
    expect(text.split('\n')).toHaveLength(2)
  }
})

test('refusals tell what is allowed and when to come back', async () => {
  const events = createEventServer({ maxSessions: 0, retry: 2500 })
  expect((await events.fetch(get('/', { method: 'PUT' }))).headers.get('allow')).toBe('GET')
  expect((await events.fetch(get('/'))).headers.get('retry-after')).toBe('3')
})

test.each([
  '',
  'text/event-stream',
  'text/event-stream, */*;q=0.1',
  'text/*',
  '*/*',
  'Text/Event-Stream',
])('accept: %s is accepted', async (accept) => {
  const response = await createEventServer().fetch(get('/', { headers: { accept } }))
  expect(response.status).toBe(200)
})

const refusal = (): Response => new Response('who are you', { status: 401 })

test('authorize refuses with a response of its own, returned or thrown', async () => {
  const events = createEventServer({ authorize: refusal })
  expect((await events.fetch(get('/'))).status).toBe(401)
  const thrower = createEventServer({
    authorize: async () => {
      throw refusal()
    },
  })
  expect((await thrower.fetch(get('/'))).status).toBe(401)
})

test.each([undefined, null, true, 'yes'])(
  'authorize that gives %j lets nobody in',
  async (verdict) => {
    const onError = vi.fn<(error: Error) => void>()
    for (const authorize of [() => verdict, async () => verdict]) {
      const events = createEventServer({ onError, authorize: authorize as never })
      expect((await events.fetch(get('/'))).status).toBe(403)
    }
    const message = `Cannot authorize a request: authorize gave ${verdict}. Give an admission ({} admits), or a Response that refuses.`
    expect(onError.mock.calls.map(([error]) => error.message)).toEqual([message, message])
  },
)

test('authorize that gives false refuses, and no more is said of it', async () => {
  const onError = vi.fn<(error: Error) => void>()
  const events = createEventServer({ onError, authorize: () => false as never })
  expect((await events.fetch(get('/'))).status).toBe(403)
  expect(onError).not.toHaveBeenCalled()
})

test('a promise or a response of another make lets nobody in by mistake', async () => {
  // oxlint-disable-next-line unicorn/no-thenable -- a thenable that is no promise is what is tested
  const thenable = { then: (resolve: (value: unknown) => void) => resolve(refusal()) }
  const foreign = { status: 401, headers: new Headers(), body: null }
  for (const verdict of [thenable, foreign]) {
    const events = createEventServer({ authorize: () => verdict as never })
    expect((await events.fetch(get('/'))).status).toBe(401)
  }
})

test('authorize that fails is a 500 and is reported', async () => {
  const onError = vi.fn<(error: Error) => void>()
  const events = createEventServer({
    onError,
    authorize: () => Promise.reject(new Error('no database')),
  })
  expect((await events.fetch(get('/'))).status).toBe(500)
  expect(onError).toHaveBeenCalledWith(expect.objectContaining({ code: 'authorize-failed' }))
})

test('who asks for nothing hears all that is granted', async () => {
  const events = createEventServer({
    authorize: () => ({ channels: ['pets', 'user/7'], clientId: '7', data: { name: 'Ada' } }),
  })
  await connect(events)
  const [session] = events.sessions
  expect(session?.channels).toEqual(['pets', 'user/7'])
  expect(session?.clientId).toBe('7')
  expect(session?.data.name).toBe('Ada')
})

test('what is asked is narrowed to what is granted', async () => {
  const events = createEventServer({ authorize: () => ({ channels: ['pets/dogs', 'cars'] }) })
  await connect(events, '/?channel=pets&channel=boats')
  expect([...events.sessions][0]?.channels).toEqual(['pets/dogs'])
})

test('the root can be granted, and hears everything', async () => {
  const events = createEventServer({ epoch: 'e', authorize: () => ({ channels: ['/'] }) })
  const stream = await connect(events, '/?channel=/')
  void events.publish('a/b', { data: '1' })
  expect(await stream.read()).toBe('id: a/b@e-1\ndata: 1\n\n')
})

describe('an authorize that never answers', () => {
  const never = (): Promise<never> => new Promise(() => {})

  test('keeps nobody who leaves', async () => {
    const events = createEventServer({ authorize: never })
    const client = new AbortController()
    const answer = events.fetch(get('/', { signal: client.signal }))
    client.abort()
    const response = await answer
    expect(response.status).toBe(503)
    expect(await response.text()).toContain('the client has gone')
  })

  test('keeps nobody when the server closes', async () => {
    const events = createEventServer({ authorize: never })
    const answer = events.fetch(get('/'))
    await events.close({ retry: 5_000 })
    const response = await answer
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5'])
    expect(await response.text()).toContain('the server is closing')
  })

  test('lets go of each request it is asked about', async () => {
    const events = createEventServer({ authorize: never })
    const { signal } = new AbortController()
    const remove = vi.spyOn(signal, 'removeEventListener')
    const request = Object.defineProperty(get('/'), 'signal', { value: signal })
    const answer = events.fetch(request)
    await events.close()
    await answer
    expect(remove).toHaveBeenCalledOnce()
  })
})

test('who is admitted too late, having left, gets no session', async () => {
  const late = Promise.withResolvers<object>()
  const onConnect = vi.fn<() => void>()
  const events = createEventServer({ authorize: () => late.promise, onConnect })
  const client = new AbortController()
  const answer = events.fetch(get('/', { signal: client.signal }))
  client.abort()
  await answer
  late.resolve({})
  await late.promise
  expect([events.sessions.size, onConnect.mock.calls.length]).toEqual([0, 0])
})

test('an authorize that gives up with its request is no failure', async () => {
  const onError = vi.fn<(error: Error) => void>()
  const events = createEventServer({
    onError,
    authorize: ({ signal }) =>
      new Promise<never>((_, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason)),
      ),
  })
  const client = new AbortController()
  const answer = events.fetch(get('/', { signal: client.signal }))
  client.abort()
  expect((await answer).status).toBe(503)
  expect(onError).not.toHaveBeenCalled()
})

test('where the order is not known, nobody who leaves is kept until it is', async () => {
  const provider = {
    ...localProvider({ now: Date.now }),
    position: () => undefined,
    caughtUp: () => new Promise<void>(() => {}),
  }
  const events = createEventServer({ provider })
  const client = new AbortController()
  const answer = events.fetch(get('/', { signal: client.signal }))
  client.abort()
  expect((await answer).status).toBe(503)
  expect(events.sessions.size).toBe(0)
})

test('a place taken while authorize was thinking is not given twice', async () => {
  const events = createEventServer({ maxSessions: 1, authorize: async () => ({}) })
  const responses = await Promise.all([events.fetch(get('/')), events.fetch(get('/'))])
  expect(responses.map(({ status }) => status)).toEqual([200, 503])
})

test('a client has so many places and no more, whoever else has', async () => {
  const events = createEventServer({
    maxSessionsPerClient: 2,
    retry: 4000,
    authorize: async (request) => {
      const clientId = new URL(request.url).searchParams.get('as')
      return clientId === null ? {} : { clientId }
    },
  })
  const ask = (path: string): Promise<Response> => events.fetch(get(path))
  const first = await Promise.all(['/?as=ada', '/?as=ada', '/?as=ada'].map(ask))
  expect(first.map(({ status }) => status)).toEqual([200, 200, 429])
  expect(first[2]?.headers.get('retry-after')).toBe('4')
  const others = await Promise.all(['/?as=bob', '/', '/', '/'].map(ask))
  expect(others.map(({ status }) => status)).toEqual([200, 200, 200, 200])
  await first[0]?.body?.cancel()
  expect((await ask('/?as=ada')).status).toBe(200)
})

test('channels come from the path where the server says so', async () => {
  const events = createEventServer({ channels: byPath('/subscribe') })
  await connect(events, '/subscribe/pets/dogs')
  expect([...events.sessions][0]?.channels).toEqual(['pets/dogs'])
})

test('channels come from wherever a function of the request finds them', async () => {
  const events = createEventServer({
    channels: (request) => [new URL(request.url).hostname, request.headers.get('x-room') ?? ''],
  })
  await events.fetch(new Request('http://shop.example/', { headers: { 'x-room': '/a/' } }))
  expect([...events.sessions][0]?.channels).toEqual(['a', 'shop.example'])
  expect((await events.fetch(new Request('http://shop.example/'))).status).toBe(400)
})

test('a session knows its address, its cursor and when it came', async () => {
  const events = createEventServer()
  await connect(events, '/events?x=1', resumeFrom('pets@17'))
  const [session] = events.sessions
  expect(session?.url).toBe('http://localhost/events?x=1')
  expect(session?.lastEventId).toBe('pets@17')
  expect(session?.connectedAt).toBeGreaterThan(0)
})

test('a preflight is answered and allows the cursor', async () => {
  const events = createEventServer({ cors: true })
  const response = await events.fetch(
    get('/', {
      method: 'OPTIONS',
      headers: { origin: 'https://app.example', 'access-control-request-method': 'GET' },
    }),
  )
  expect(response.status).toBe(204)
  expect(response.headers.get('access-control-allow-origin')).toBe('*')
  expect(response.headers.get('access-control-allow-headers')).toBe('Last-Event-ID')
})

test('an origin on the list gets credentials, and may read refusals', async () => {
  const cors = { origin: ['https://app.example'], credentials: true }
  const events = createEventServer({ cors, authorize: () => new Response(null, { status: 401 }) })
  const { headers } = await events.fetch(get('/', { headers: { origin: 'https://app.example' } }))
  expect(headers.get('access-control-allow-origin')).toBe('https://app.example')
  expect(headers.get('access-control-allow-credentials')).toBe('true')
  expect(headers.get('access-control-expose-headers')).toBe('Retry-After')
  expect(headers.get('vary')).toBe('Origin')
})

test('another origin gets no CORS headers', async () => {
  const events = createEventServer({ cors: { origin: 'https://app.example' } })
  const { headers } = await events.fetch(get('/', { headers: { origin: 'https://evil.example' } }))
  expect(headers.get('access-control-allow-origin')).toBeNull()
  expect(headers.get('vary')).toBe('Origin')
})

test('a channel counts once, and an empty name not at all', async () => {
  const events = createEventServer({ maxChannels: 1 })
  await connect(events, '/?channel=a&channel=/a&channel=a/&channel=&added=&added=b')
  expect([...events.sessions][0]?.channels).toEqual(['a'])
})

const boom = (): never => {
  throw new Error('boom')
}

test.each<[string, EventServerOptions]>([
  ['channels', { channels: boom }],
  ['channels that are no list', { channels: () => 'slash' as never }],
  ['an origin', { cors: { origin: boom } }],
  ['a grant with an empty end', { authorize: () => ({ channels: ['user/'] }) }],
  ['a grant with an empty start', { authorize: () => ({ channels: ['/user'] }) }],
  ['a grant of slashes', { authorize: () => ({ channels: ['///'] }) }],
])('what goes wrong with %s is reported, and a 500 that gives nothing away', async (_, options) => {
  const onError = vi.fn<(error: Error) => void>()
  const events = createEventServer({ ...options, onError })
  const response = await events.fetch(get('/?channel=a', { headers: { origin: 'https://a.b' } }))
  expect(response.status).toBe(500)
  expect(await response.text()).not.toMatch(/boom|slash|user/)
  expect(onError).toHaveBeenCalledOnce()
  expect(events.sessions.size).toBe(0)
})

test('any origin is let in without credentials, and told so whoever asks', async () => {
  for (const cors of [true, {}, { origin: '*' }]) {
    const { headers } = await createEventServer({ cors }).fetch(
      get('/', { headers: { origin: 'https://app.example' } }),
    )
    expect(headers.get('access-control-allow-origin')).toBe('*')
    expect(headers.get('access-control-allow-credentials')).toBeNull()
    expect(headers.get('vary')).toBeNull()
  }
})

test('an origin that is nearly the one named is another', async () => {
  const events = createEventServer({ cors: { origin: ['https://app.example'], credentials: true } })
  const others = [
    'null',
    'http://app.example',
    'https://app.example:8443',
    'https://app.example.evil.example',
    'https://evil.example/https://app.example',
    'HTTPS://app.example',
  ]
  for (const origin of others) {
    const { headers } = await events.fetch(get('/', { headers: { origin } }))
    expect(headers.get('access-control-allow-origin')).toBeNull()
    expect(headers.get('access-control-allow-credentials')).toBeNull()
  }
})

test('a judge of origins has to say true: a promise is no yes', async () => {
  const origin = (async () => false) as never
  const { headers } = await createEventServer({ cors: { origin, credentials: true } }).fetch(
    get('/', { headers: { origin: 'https://evil.example' } }),
  )
  expect(headers.get('access-control-allow-origin')).toBeNull()
})

test.each([
  'https://app.example',
  'http://localhost:5173',
  'capacitor://localhost',
  'chrome-extension://abc',
])('%s can be named as an origin', (origin) => {
  expect(() => createEventServer({ cors: { origin } })).not.toThrow()
})

test.each([
  'https://app.example/',
  'https://app.example/path',
  'https://App.example',
  'https://app.example:443',
  'app.example',
  'null',
  '',
])('%j is no origin that a browser sends', (origin) => {
  expect(() => createEventServer({ cors: { origin: [origin] } })).toThrow(
    /^Cannot let .* in: it is no origin/,
  )
})

test.each([undefined, '*'])('credentials from the origin %j are refused', (origin) => {
  const cors = { credentials: true, ...(origin !== undefined && { origin }) }
  expect(() => createEventServer({ cors })).toThrow(/^Cannot allow credentials from any origin: /)
})
