import { fakeEventServer, manualClock } from '@millrace/testing/react'
import { cleanup, render, screen } from '@testing-library/react'
import { createPool, setDefaultPool } from 'millrace'
import { createElement } from 'react'
import { afterEach, expect, test, vi } from 'vitest'
import { alerts, inbox } from './auth/cookie.ts'
import { feed } from './auth/ticket.ts'
import { Inbox } from './auth/inbox.tsx'

const clock = manualClock()
afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

/** A server at an address, and a default pool that asks it. */
function serve(address: string) {
  const events = fakeEventServer(address)
  const pool = createPool({ fetch: events.fetch, clock })
  setDefaultPool(pool)
  return { events, pool }
}

test('cookies go to the origin of the page, and to another where they are asked for', async () => {
  const asked: string[] = []
  const ask = async (...asking: Parameters<typeof fetch>) => {
    const { url, credentials } = new Request(...asking)
    asked.push(`${new URL(url).pathname} ${credentials}`)
    return new Response(null, { status: 204 })
  }
  const pool = createPool({ fetch: ask, clock })
  setDefaultPool(pool)
  for (const stream of [inbox, alerts]) stream.on('message', () => {})
  await clock.advance(0)
  expect(asked).toEqual(['/inbox same-origin', '/alerts include'])
  pool.close()
})

test('an inbox is read with a token of its user, asks for a fresh one, and says when to sign in', async () => {
  const { events, pool } = serve('/inbox')
  const given: boolean[] = []
  const sessionOf = (userId: string) => ({
    userId,
    token: async ({ fresh }: { fresh: boolean }) => {
      given.push(fresh)
      return `${userId}-${given.length}`
    },
  })
  const ann = sessionOf('ann')
  const page = render(createElement(Inbox, { session: ann }))
  await events.connected()
  await events.send({ data: 'Hello Ann' })
  expect(screen.getByText('Hello Ann')).toBeDefined()
  page.rerender(createElement(Inbox, { session: sessionOf('bob') }))
  await events.connected({ count: 2 })
  expect(screen.getByText('No messages yet.')).toBeDefined()
  await clock.advance(1_000)
  const [bob] = events.clients
  expect(bob?.headers.get('authorization')).toBe('Bearer bob-2')
  events.refuse({ status: 401 })
  await events.drop()
  await clock.advance(30_000)
  expect(given).toEqual([false, false, false, true])
  expect(screen.getByText('Sign in again.')).toBeDefined()
  page.rerender(createElement(Inbox, { session: undefined }))
  expect(screen.getByText('Sign in to read your messages.')).toBeDefined()
  pool.close()
})

test('a ticket is fetched for each attempt, and is shown to nobody', async () => {
  const { events, pool } = serve('https://events.example.com/feed')
  let tickets = 0
  vi.stubGlobal('fetch', async () => Response.json({ ticket: `secret-${(tickets += 1)}` }))
  feed.on('message', () => {})
  await events.connected()
  await events.drop()
  await clock.advance(1_000)
  expect(events.clients[0]?.request.url).toContain('?ticket=secret-2')
  expect(JSON.stringify(pool.connections.value)).not.toContain('secret')
  pool.close()
})
