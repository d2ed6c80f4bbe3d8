import { expect, test, vi } from 'vitest'
import type { ServerEvent } from './encode.ts'
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

test.each([null, undefined, 'hello', 5, [], () => 'hello'])(
  '%j is no event: its publisher is told, and nobody sent anything',
  async (value) => {
    const event = value as ServerEvent
    const events = createEventServer({ onError: () => {} })
    const response = await events.fetch(new Request('http://localhost/?channel=a'))
    const refused = { code: 'invalid-event' }
    await expect(events.publish('a', event)).rejects.toMatchObject(refused)
    await expect(events.broadcast(event)).rejects.toMatchObject(refused)
    for (const session of events.sessions) {
      expect(() => session.send(event)).toThrow(expect.objectContaining(refused))
    }
    await events.close()
    expect(await response.text()).toBe(': connected\n\n')
  },
)

test.each([undefined, null, 5, {}])('%j is no channel to publish to', async (value) => {
  const events = createEventServer({ onError: () => {} })
  await expect(events.publish(value as string, {})).rejects.toThrow(
    /^Cannot use .+ as a channel: it is of type /,
  )
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
