import { cleanup, render, screen } from '@testing-library/react'
import { fakeEventServer, manualClock } from '@millrace/testing/react'
import { createPool, setDefaultPool } from 'millrace'
import { createElement } from 'react'
import { afterEach, expect, test, vi } from 'vitest'
import { Answer } from './token-streams/answer.tsx'
import { answer } from './token-streams/loop.ts'
import { summarize } from './token-streams/response.ts'

const events = fakeEventServer('/chat', { methods: ['POST'] })
setDefaultPool(createPool({ fetch: events.fetch, clock: manualClock() }))
afterEach(async () => {
  cleanup()
  vi.unstubAllGlobals()
  await events.reset()
})

test('an answer grows in its component, and is there when it is done', async () => {
  render(createElement(Answer, { question: 'Why?' }))
  const article = screen.getByRole('article')
  await events.connected()
  expect(await events.clients[0]?.request.json()).toEqual({ question: 'Why?' })
  await events.send({ data: { token: 'Be' } })
  await events.send({ data: { token: 'cause.' } })
  expect(article.textContent).toBe('Because.')
  expect(article.getAttribute('aria-busy')).toBe('true')
  await events.send({ data: '[DONE]' })
  expect(article.getAttribute('aria-busy')).toBe('false')
})

test('a loop reads to the end, or to where it breaks off', async () => {
  const whole = answer('Why?', new AbortController().signal)
  await events.connected()
  await events.send({ data: { token: 'Because.' } })
  await events.end()
  expect(await whole).toBe('Because.')
  const part = answer('Why?', new AbortController().signal)
  await events.connected()
  await events.send({ data: { token: 'Be' } })
  await events.drop()
  expect(await part).toBe('Be […]')
})

test('an aborted loop throws why', async () => {
  const abort = new AbortController()
  const part = answer('Why?', abort.signal)
  await events.connected()
  abort.abort(new Error('enough'))
  await expect(part).rejects.toThrow('enough')
})

test('a response that is there is read', async () => {
  vi.stubGlobal('fetch', async () => new Response('data: {"token":"Short."}\n\ndata: [DONE]\n\n'))
  expect(await summarize(new File([], 'long.txt'))).toBe('Short.')
})
