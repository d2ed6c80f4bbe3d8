import { expect, test } from 'vitest'
import { redacted } from './redacted.ts'

test('what looks like a secret is not shown', () => {
  expect(redacted('https://a.test/e?access_token=abc&channel=x')).toBe(
    'https://a.test/e?access_token=…&channel=x',
  )
  expect(redacted('/e?api_key=1&API-KEY=2&key=3&sig=4&jwt=5&sessionId=6&X-Amz-Signature=7')).toBe(
    '/e?api_key=…&API-KEY=…&key=…&sig=…&jwt=…&sessionId=…&X-Amz-Signature=…',
  )
  expect(redacted('https://ann:pass@a.test/e')).toBe('https://…@a.test/e')
  expect(redacted('//ann@a.test/e#id_token=x')).toBe('//…@a.test/e#id_token=…')
  expect(redacted('/e?ticket=1&sse-ticket=2')).toBe('/e?ticket=…&sse-ticket=…')
  expect(redacted('/e?acc%65ss_token=1')).toBe('/e?acc%65ss_token=…')
})

test('what is no secret is shown as it is', () => {
  for (const url of [
    '/events?channel=monkey&keyboard=qwerty&page=2',
    'https://a.test/@ann/posts?at=a@b.c',
    '/events?token=',
    '/%E0%A4?%E0%A4=1',
    '',
  ]) {
    expect(redacted(url)).toBe(url)
  }
})
