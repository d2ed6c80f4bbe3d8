import { expect, test, vi } from 'vitest'
import { fakeRedis } from '../../test/fake-redis.ts'
import { manualClock } from '../../test/manual-clock.ts'
import { Attachment } from './attachment.ts'
import type { Link } from './link.ts'

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

function attach(connect: () => Promise<unknown>) {
  const clock = manualClock()
  const { client, connections } = fakeRedis({ connect })
  const links: Link[] = []
  const lost = vi.fn<(cause: Error) => void>()
  const use = (link: Link): Promise<never> => {
    links.push(link)
    return link.ask(['XREAD']) as Promise<never>
  }
  const attachment = new Attachment({ client, clock, timeout: 1e9, use, lost })
  return { attachment, clock, connections, links, lost }
}

test('attempts come ever later, up to two seconds apart, and no two processes at once', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(1)
  const { attachment, clock, connections, lost } = attach(() =>
    Promise.reject(new Error('refused')),
  )
  for (const delay of [50, 100, 200, 400, 800, 1600, 2000, 2000]) {
    await turn()
    const before = connections.length
    clock.advance(delay - 1)
    await turn()
    expect(connections.length).toBe(before)
    clock.advance(1)
    await turn()
    expect(connections.length).toBe(before + 2)
  }
  expect(lost).toHaveBeenCalledTimes(9)
  await attachment.close()
  vi.mocked(Math.random).mockReturnValue(0)
  const early = attach(() => Promise.reject(new Error('refused')))
  await turn()
  early.clock.advance(25)
  await turn()
  expect(early.connections.length).toBe(4)
  await early.attachment.close()
  vi.restoreAllMocks()
})

test('a link that lasted is taken up at once, one that did not ever later', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(1)
  const { attachment, clock, links } = attach(() => Promise.resolve())
  for (const [lasts, delay] of [
    [999, 50],
    [999, 100],
    [1000, 50],
    [0, 100],
  ] as const) {
    await turn()
    const before = links.length
    clock.advance(lasts)
    links.at(-1)?.break(new Error('reset'))
    await turn()
    clock.advance(delay - 1)
    await turn()
    expect(links.length).toBe(before)
    clock.advance(1)
    await turn()
    expect(links.length).toBe(before + 1)
  }
  await attachment.close()
  vi.restoreAllMocks()
})

test('closing ends what is under way, and leaves no timer', async () => {
  const connected = attach(() => Promise.resolve())
  await turn()
  await connected.attachment.close()
  expect(connected.connections.every(({ destroyed }) => destroyed)).toBe(true)
  const refused = attach(() => Promise.reject(new Error('refused')))
  await turn()
  await refused.attachment.close()
  const connecting = attach(() => new Promise(() => {}))
  await connecting.attachment.close()
  for (const { clock, lost } of [connected, connecting]) {
    expect(clock.pending()).toBe(0)
    expect(lost).not.toHaveBeenCalled()
  }
  expect(refused.clock.pending()).toBe(0)
})
