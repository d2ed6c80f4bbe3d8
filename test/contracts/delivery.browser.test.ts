import { fakeEventServer } from '@millrace/testing'
import { expect, test } from 'vitest'
import { deliveryFacts } from './delivery.ts'

deliveryFacts({
  name: 'directly',
  mount: (events) => ({ fetch: events.fetch, close: () => {} }),
})

test('what cannot be done in a browser yet is said', () => {
  expect(() => fakeEventServer('/events').handlers).toThrow(
    'Cannot answer through a Service Worker: what is delivered there cannot be awaited yet. Do give the client events.fetch.',
  )
})
