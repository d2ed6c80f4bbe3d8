import { expect, test, vi } from 'vitest'
import { connect } from '../../test/connect.ts'
import { manualClock } from '../../test/manual-clock.ts'
import { createEventServer } from '../event-server.ts'
import { finiteReplay } from '../log/finite-replay.ts'
import type { ProviderState } from '../provider-state.ts'
import { localProvider } from '../provider.ts'
import { createAdmin } from './admin.ts'
import type { Admin } from './admin.ts'
import type { AdminStatus } from './status.ts'

const everyone = { authorize: () => true }

function get(admin: Admin, path: string, init?: RequestInit): Promise<Response> {
  return admin.fetch(new Request(`http://localhost${path}`, init))
}

async function statusOf(admin: Admin, query = ''): Promise<AdminStatus> {
  return (await get(admin, `/admin/status.json${query}`)).json() as Promise<AdminStatus>
}

test('the status says what the server has done and holds, and who is connected', async () => {
  const clock = manualClock()
  const events = createEventServer({
    clock,
    replay: finiteReplay({ count: 2 }),
    authorize: () => ({ clientId: 'ada' }),
    remoteAddress: () => '192.0.2.7',
  })
  const admin = createAdmin(events, { ...everyone, clock })
  clock.advance(1_000)
  const headers = { 'user-agent': 'a browser' }
  const stream = await connect(events, '/?channel=b&channel=a', { headers })
  for (let n = 0; n < 3; n++) await events.publish('a', { data: `${n}` })
  await stream.read()
  await events.publish('nobody', {})
  clock.advance(500)
  const [session] = events.sessions
  expect(await statusOf(admin)).toEqual({
    at: 1_500,
    startedAt: 0,
    uptime: 1_500,
    published: 4,
    delivered: 3,
    dropped: 0,
    replay: { count: 3, bytes: events.stats.replay?.bytes },
    provider: null,
    sessions: {
      total: 1,
      offset: 0,
      items: [
        {
          id: session?.id,
          clientId: 'ada',
          channels: ['a', 'b'],
          channelCount: 2,
          remoteAddress: '192.0.2.7',
          userAgent: 'a browser',
          connectedAt: 1_000,
          sent: 3,
          backlog: 0,
        },
      ],
    },
  })
})

test('what is not known is null', async () => {
  const events = createEventServer()
  await connect(events)
  const { replay, provider, sessions } = await statusOf(createAdmin(events, everyone))
  expect([replay, provider]).toEqual([null, null])
  expect(sessions.items[0]).toMatchObject({
    clientId: null,
    channels: [],
    remoteAddress: null,
    userAgent: null,
  })
})

test('a provider that tells how it stands is shown, with what is wrong', async () => {
  const state = { status: 'away', since: 5, waiting: 2, error: new Error('gone') } as ProviderState
  const provider = { ...localProvider({ now: Date.now }), state }
  const admin = createAdmin(createEventServer({ provider }), everyone)
  expect((await statusOf(admin)).provider).toEqual({ ...state, error: 'gone' })
})

test('a session of many channels shows the first twenty, and how many they are', async () => {
  const events = createEventServer()
  await connect(events, `/?${Array.from({ length: 30 }, (_, n) => `channel=${n}`).join('&')}`)
  const { items } = (await statusOf(createAdmin(events, everyone))).sessions
  expect(items[0]?.channels).toHaveLength(20)
  expect(items[0]?.channelCount).toBe(30)
})

test('where a session connected to is not told: addresses have secrets in them', async () => {
  const events = createEventServer()
  await connect(events, '/?token=secret')
  const response = await get(createAdmin(events, everyone), '/admin/status.json')
  expect(await response.text()).not.toContain('secret')
})

async function crowd(size: number): Promise<Admin> {
  const names = Array.from({ length: size }, (_, n) => `user-${String(n).padStart(4, '0')}`)
  const left = [...names]
  const events = createEventServer({ authorize: () => ({ clientId: left.shift() ?? '' }) })
  for (const _ of names) await events.fetch(new Request('http://localhost/'))
  return createAdmin(events, everyone)
}

test('a thousand sessions are shown fifty at a time, oldest first', async () => {
  const admin = await crowd(1_000)
  const { sessions } = await statusOf(admin)
  expect(sessions.total).toBe(1_000)
  expect(sessions.items).toHaveLength(50)
  expect(sessions.items[0]?.clientId).toBe('user-0000')
  const last = (await statusOf(admin, '?offset=990&limit=500')).sessions
  expect(last.items.map(({ clientId }) => clientId)).toEqual(
    Array.from({ length: 10 }, (_, n) => `user-099${n}`),
  )
})

test('sessions are sorted by any of their columns, either way', async () => {
  const events = createEventServer({
    ids: 'manual',
    authorize: (request) => ({ clientId: new URL(request.url).pathname.slice(1) }),
  })
  for (const path of ['/bob?channel=a', '/cyd?channel=b', '/ada?channel=c']) {
    await connect(events, path)
  }
  events.sessions.send('cyd', { data: '1' })
  events.sessions.send('cyd', { data: '2' })
  events.sessions.send('ada', { data: '1' })
  await new Promise(setImmediate)
  const admin = createAdmin(events, everyone)
  const order = async (sort: string): Promise<string> => {
    const { sessions } = await statusOf(admin, `?sort=${sort}`)
    return sessions.items.map(({ clientId }) => clientId).join(' ')
  }
  expect(await order('clientId')).toBe('ada bob cyd')
  expect(await order('-clientId')).toBe('cyd bob ada')
  expect(await order('-sent')).toBe('cyd ada bob')
  expect(await order('-channels')).toBe('ada cyd bob')
  expect(await order('connectedAt')).toBe('bob cyd ada')
  expect(await order('-connectedAt')).toBe('ada cyd bob')
  expect((await order('-backlog')).split(' ')).toHaveLength(3)
})

test.each([
  'offset=-1',
  'offset=x',
  'limit=0',
  'limit=501',
  'limit=',
  'sort=url',
  'sort=-',
  'sort=constructor',
])('?%s is refused with a 400 that says why', async (query) => {
  const admin = createAdmin(createEventServer(), everyone)
  for (const place of ['status.json', 'events']) {
    const response = await get(admin, `/admin/${place}?${query}`)
    expect(response.status).toBe(400)
    expect(await response.text()).toMatch(/^Cannot show the sessions: .+\. Give .+\.\n$/)
  }
})

test('without authorize there is no admin', () => {
  const events = createEventServer()
  for (const options of [undefined, {}, { authorize: true }, { authorize: undefined }]) {
    expect(() => createAdmin(events, options as never)).toThrow(
      /^Cannot make the admin: .+authorize/,
    )
  }
})

const places = ['/admin', '/admin/', '/admin/status.json', '/admin/events', '/admin/nothing']

test.each([false, undefined, null, 'yes', 1, {}, { ok: true }])(
  'authorize that gives %j lets nobody see anything',
  async (verdict) => {
    const admin = createAdmin(createEventServer(), { authorize: () => verdict as never })
    for (const place of places) {
      const response = await get(admin, place)
      expect(response.status).toBe(403)
      expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8')
      expect(await response.text()).toMatch(/^Cannot show the admin: /)
    }
  },
)

test('authorize refuses in its own way, at once or later, given or thrown', async () => {
  const refusal = (): Response =>
    new Response(null, { status: 401, headers: { 'www-authenticate': 'Basic' } })
  const ways = [
    refusal,
    async () => refusal(),
    () => {
      throw refusal()
    },
  ]
  for (const authorize of ways) {
    const response = await get(createAdmin(createEventServer(), { authorize }), '/admin')
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toBe('Basic')
  }
})

test('authorize that fails is reported, and a 500 that gives nothing away', async () => {
  const onError = vi.fn<(error: Error) => void>()
  const authorize = (): Promise<boolean> => Promise.reject(new Error('no database'))
  const response = await get(createAdmin(createEventServer(), { authorize, onError }), '/admin')
  expect(response.status).toBe(500)
  expect(await response.text()).not.toContain('database')
  expect(onError).toHaveBeenCalledExactlyOnceWith(
    expect.objectContaining({ code: 'authorize-failed' }),
  )
})

test('an authorize that never answers keeps nobody: neither who leaves, nor an admin that closes', async () => {
  const admin = createAdmin(createEventServer(), { authorize: () => new Promise(() => {}) })
  const client = new AbortController()
  const left = get(admin, '/admin', { signal: client.signal })
  client.abort()
  expect((await left).status).toBe(403)
  const stayed = get(admin, '/admin')
  await admin.close()
  expect((await stayed).status).toBe(403)
})

test('it is at its path and nowhere else, and only read', async () => {
  const events = createEventServer()
  const admin = createAdmin(events, { ...everyone, path: '/internal/streams/' })
  const statuses = async (...paths: string[]): Promise<number[]> => {
    const responses = await Promise.all(paths.map((path) => get(admin, path)))
    for (const response of responses) await response.body?.cancel()
    return responses.map(({ status }) => status)
  }
  const base = '/internal/streams'
  expect(await statuses(base, `${base}/`, `${base}/status.json`, `${base}/events`)).toEqual([
    200, 200, 200, 200,
  ])
  expect(await statuses('/', '/admin', `${base}x`, `${base}/x`, `${base}/status.json/`)).toEqual([
    404, 404, 404, 404, 404,
  ])
  const response = await get(admin, base, { method: 'POST' })
  expect(response.status).toBe(405)
  expect(response.headers.get('allow')).toBe('GET, HEAD')
  const atRoot = createAdmin(events, { ...everyone, path: '/' })
  expect((await get(atRoot, '/')).status).toBe(200)
  expect((await get(atRoot, '/status.json')).status).toBe(200)
})

test('no answer is kept, taken for another type, or framed; nothing but the page itself may run in it', async () => {
  const admin = createAdmin(createEventServer(), everyone)
  for (const place of ['/admin', '/admin/status.json']) {
    const { headers } = await get(admin, place)
    expect(headers.get('cache-control')).toContain('no-store')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('access-control-allow-origin')).toBeNull()
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
  }
  const policy = (await get(admin, '/admin')).headers.get('content-security-policy') ?? ''
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("frame-ancestors 'none'")
  expect(policy).toMatch(/script-src 'sha256-[^']+'; style-src 'sha256-[^']+'/)
  expect(policy).not.toContain('unsafe')
})

test('the page has nothing in it that a client has chosen, and fetches nothing from elsewhere', async () => {
  const events = createEventServer({ authorize: () => ({ clientId: '<i>mark</i>' }) })
  const headers = { 'user-agent': '<i>mark</i>' }
  await connect(events, '/?channel=<i>mark</i>', { headers })
  const text = await (await get(createAdmin(events, everyone), '/admin?<i>mark</i>')).text()
  expect(text).not.toContain('mark</i>')
  expect(text).not.toMatch(/\b(?:src|href)=["']?(?:https?:)?\/\//)
})

test('a page that looks is told at once, and then every second; nobody looking costs nothing', async () => {
  const clock = manualClock()
  const events = createEventServer({ clock })
  const admin = createAdmin(events, { ...everyone, clock })
  expect(clock.pending()).toBe(0)
  const [one, other] = [
    await connect(admin, '/admin/events'),
    await connect(admin, '/admin/events'),
  ]
  const told = async (stream: typeof one): Promise<AdminStatus> => {
    const text = (await stream.read()) ?? ''
    const [, data = ''] = /^event: status\ndata: (.*)\n\n$/.exec(text) ?? []
    return JSON.parse(data) as AdminStatus
  }
  expect((await told(one)).published).toBe(0)
  expect((await told(other)).published).toBe(0)
  await events.broadcast({})
  clock.advance(1_000)
  expect(await told(one)).toMatchObject({ at: 1_000, published: 1 })
  clock.advance(1_000)
  expect(await told(one)).toMatchObject({ at: 2_000 })
  // Who does not read is told once, not over and over.
  expect(await told(other)).toMatchObject({ at: 1_000 })
  await one.leave()
  await other.leave()
  expect(clock.pending()).toBe(0)
  expect(events.sessions.size).toBe(0)
})

test('a page has to ask anew every ten minutes, so that who may look no more is found out', async () => {
  const clock = manualClock()
  const admin = createAdmin(createEventServer({ clock }), { ...everyone, clock })
  const stream = await connect(admin, '/admin/events')
  const text = stream.rest()
  clock.advance(600_000)
  expect(await text).toContain('event: status')
})

test('the streams of open pages end with the admin', async () => {
  const admin = createAdmin(createEventServer(), everyone)
  const stream = await connect(admin, '/admin/events')
  const text = stream.rest()
  await admin.close()
  expect(await text).toContain('event: status')
  expect((await get(admin, '/admin/events')).status).toBe(503)
})
