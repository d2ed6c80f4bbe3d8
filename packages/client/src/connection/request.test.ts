import { expect, test } from 'vitest'
import { absoluteUrl, requestKey, resolveRequest, type CompleteRequest } from './request.ts'

const context = { signal: new AbortController().signal, failures: 0, status: undefined }

const complete = (options: Partial<CompleteRequest>): CompleteRequest => ({
  method: 'GET',
  credentials: 'same-origin',
  lastEventIdParam: 'lastEventId',
  ...options,
})

const key = (url: string, options: Partial<CompleteRequest> = {}) =>
  requestKey(absoluteUrl(url), complete(options))

test('a URL is the same however it is written', () => {
  expect(key('https://Example.test:443/a/../b#part')).toBe(key('https://example.test/b'))
  expect(key('https://example.test/b?x=1')).not.toBe(key('https://example.test/b?x=2'))
})

test('credentials, method, headers, body and key are part of what is shared', () => {
  const url = 'https://example.test/'
  const keys = [
    key(url),
    key(url, { credentials: 'include' }),
    key(url, { method: 'POST' }),
    key(url, { method: 'POST', body: 'a' }),
    key(url, { headers: { a: '1' } }),
    key(url, { headers: () => ({ a: '1' }) }),
    key(url, { key: 'ann' }),
  ]
  expect(new Set(keys).size).toBe(keys.length)
})

test('options that mean the same have the same key', () => {
  const url = 'https://example.test/'
  expect(key(url, { headers: { A: '1', b: '2' } })).toBe(key(url, { headers: { B: '2', a: '1' } }))
  expect(key(url, { headers: () => ({}) })).toBe(key(url, { headers: () => ({ x: 'y' }) }))
})

test('a body that can only be read counts as itself', () => {
  const url = 'https://example.test/'
  const [one, two] = [new FormData(), new FormData()]
  const post = (body: FormData) => key(url, { method: 'POST', body })
  expect(post(one)).toBe(post(one))
  expect(post(one)).not.toBe(post(two))
})

test('headers that are a function are asked at each attempt', async () => {
  let token = 0
  const options = { headers: async () => ({ Authorization: `Bearer ${(token += 1)}` }) }
  const parts = {
    url: 'https://example.test/',
    options: complete(options),
    place: (url: URL) => url,
  }
  await resolveRequest(parts, '', context)
  const second = await resolveRequest(parts, '9', context)
  expect(second).toMatchObject({ headers: { authorization: 'Bearer 2' }, lastEventId: '9' })
})

test('a relative URL where there is no page is an error that says so', () => {
  expect(() => absoluteUrl('/events')).toThrow(
    'Cannot open /events: there is no page here to be relative to. Pass an absolute URL.',
  )
})

test('a URL that is a function is asked at each attempt, and put in place', async () => {
  const parts = {
    url: async ({ failures }: { failures: number }) => `https://example.test/${failures}#top`,
    options: complete({}),
    place: (url: URL) => new URL('?channel=a', url),
  }
  expect(await resolveRequest(parts, '', { ...context, failures: 3 })).toMatchObject({
    url: 'https://example.test/3?channel=a',
  })
})

test('a function that throws fails the attempt, and nobody else', async () => {
  const headers = () => {
    throw new Error('no token')
  }
  const parts = {
    url: 'https://example.test/',
    options: complete({ headers }),
    place: (url: URL) => url,
  }
  await expect(resolveRequest(parts, '', context)).rejects.toThrow('no token')
})
