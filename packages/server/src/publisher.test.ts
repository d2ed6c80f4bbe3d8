import { expect, test, vi } from 'vitest'
import { createEventServer } from './event-server.ts'
import type { Provider } from './provider.ts'

const brokenProvider: Provider = {
  publish: () => Promise.reject(new Error('no network')),
  subscribe: () => () => {},
  position: () => 'p-0',
  close: () => {},
}

test('a publish that nobody awaits is reported and never an unhandled rejection', async () => {
  const unhandled = vi.fn<() => void>()
  process.on('unhandledRejection', unhandled)
  const reported = Promise.withResolvers<unknown>()
  const events = createEventServer({ provider: brokenProvider, onError: reported.resolve })
  void events.publish('a', {})
  expect(await reported.promise).toMatchObject({
    code: 'publish-failed',
    message: 'Cannot publish: no network. Publish again when it can be.',
    cause: new Error('no network'),
  })
  // Unhandled rejections are told of after the microtasks of a turn.
  await new Promise(setImmediate)
  process.off('unhandledRejection', unhandled)
  expect(unhandled).not.toHaveBeenCalled()
})

test('who awaits a publish gets its rejection', async () => {
  const events = createEventServer({ provider: brokenProvider, onError: () => {} })
  await expect(events.broadcast({})).rejects.toMatchObject({ code: 'publish-failed' })
})

test('delivery is scheduled within the call', async () => {
  const events = createEventServer({ ids: 'manual' })
  const response = await events.fetch(new Request('http://localhost/?channel=a'))
  void events.publish('a', { data: '1' })
  void events.close()
  expect(await response.text()).toBe(': connected\n\ndata: 1\n\n')
})

test('beforeSend that throws is an error to the publisher', async () => {
  const events = createEventServer({
    onError: () => {},
    beforeSend: () => {
      throw new Error('boom')
    },
  })
  await expect(events.publish('a', {})).rejects.toThrow('Cannot run beforeSend: boom.')
})

test('an onError that throws is not the end', async () => {
  const error = vi.spyOn(console, 'error').mockReturnValue()
  const events = createEventServer({
    onError: () => {
      throw new Error('boom')
    },
  })
  await expect(events.publish('//', {})).rejects.toMatchObject({ code: 'invalid-channel' })
  expect(error).toHaveBeenCalledOnce()
  error.mockRestore()
})

test.each(['', 'a\nb', 'a\0'])('the epoch %j is refused', (epoch) => {
  expect(() => createEventServer({ epoch })).toThrow(/^Cannot mark ids with the epoch/)
})
