import { serve } from '@millrace/server/node'
import { createPool, setDefaultPool } from 'millrace'
import { expect, onTestFinished, test, vi } from 'vitest'
import { answer } from './token-streams/loop.ts'
import { chatOf } from './token-streams/server.ts'

test('the server of the page answers token by token, and says when it is done', async () => {
  const fetch = chatOf(async function* echo(question) {
    yield* question.split(/(?<=\s)/)
  })
  const serving = await serve({ fetch })
  const pool = createPool()
  const restore = setDefaultPool(pool)
  vi.stubGlobal('location', new URL(serving.url))
  onTestFinished(async () => {
    vi.unstubAllGlobals()
    restore()
    pool.close()
    await serving.close()
  })
  expect(await answer('One, two, three?', new AbortController().signal)).toBe('One, two, three?')
})

test('the server of the page makes no more tokens for who has left', async () => {
  const left = vi.fn<() => void>()
  const chat = chatOf(async function* forever() {
    try {
      for (;;) yield 'la '
    } finally {
      left()
    }
  })
  const body = JSON.stringify({ question: 'Sing!' })
  const response = await chat(new Request('http://localhost/chat', { method: 'POST', body }))
  const reader = response.body?.getReader()
  await reader?.read()
  await reader?.cancel()
  expect(left).toHaveBeenCalledOnce()
})
