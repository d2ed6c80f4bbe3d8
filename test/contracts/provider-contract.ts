import type { EventServer, EventServerOptions } from '@millrace/server'
import * as fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { Listener } from '../environment/listener.ts'

/** Servers that are joined by what a provider joins them with. */
interface ProviderRoom {
  /** Another server, as another process would make it. */
  readonly server: (options?: EventServerOptions) => EventServer
  readonly close: () => Promise<void>
}

/** One provider, with the replay that goes with it. */
export interface ProviderHost {
  readonly name: string
  /** A room in which nothing has been published; it replays so many events. */
  readonly open: (room: {
    readonly count: number
    readonly ids?: 'auto' | 'manual'
  }) => ProviderRoom
  readonly runs: number
}

/** Every fact that holds of a provider and its replay, whichever they are. */
export function providerContract(host: ProviderHost): void {
  const rooms: ProviderRoom[] = []
  const open = (options: { count?: number; ids?: 'auto' | 'manual' } = {}): ProviderRoom => {
    const room = host.open({ count: 1_000, ...options })
    rooms.push(room)
    return room
  }
  // oxlint-disable-next-line vitest/expect-expect -- the facts do
  const fact = (name: string, run: () => Promise<void>): void => test(`${host.name}: ${name}`, run)

  afterEach(async () => {
    for (const room of rooms.splice(0)) await room.close()
  })

  fact('an event is heard in every process, by the id that its publisher was told', async () => {
    const room = open()
    const [here, there] = [room.server(), room.server()]
    const listeners = [new Listener('/?channel=a'), new Listener('/?channel=a')] as const
    await listeners[0].connect(here)
    await listeners[1].connect(there)
    const { id } = await here.publish('a', { event: 'tick', data: { price: 42 } })
    for (const listener of listeners) {
      await listener.hears(1)
      expect(listener.heard).toEqual([{ type: 'tick', data: '{"price":42}', id }])
    }
    expect(id).toMatch(/^.+-1$/)
  })

  fact('who listens to a channel hears its children and broadcasts, and nobody else', async () => {
    const room = open()
    const [here, there] = [room.server(), room.server({ authorize: () => ({ channels: ['/'] }) })]
    const pets = new Listener('/?channel=pets')
    const shop = new Listener('/?channel=petshop')
    const all = new Listener('/?channel=/')
    await pets.connect(here)
    await shop.connect(here)
    await all.connect(there)
    await here.publish('pets/dogs', { data: 'corgi' })
    await here.publish(['pets', 'pets/cats', 'cars'], { data: 'once' })
    await there.publish('petshop', { data: 'open' })
    await there.broadcast({ data: 'all' })
    await Promise.all([pets.hears(3), shop.hears(2), all.hears(4)])
    expect(pets.data).toEqual(['corgi', 'once', 'all'])
    expect(shop.data).toEqual(['open', 'all'])
    expect(all.data).toEqual(['corgi', 'once', 'open', 'all'])
  })

  fact('what several processes publish at once is heard in one order everywhere', async () => {
    const room = open()
    const servers = [room.server(), room.server(), room.server()]
    const listeners = servers.map(() => new Listener('/?channel=a'))
    for (const [at, listener] of listeners.entries()) await listener.connect(of(servers, at))
    const published = servers.flatMap((server, at) =>
      Array.from({ length: 100 }, (_, n) => server.publish('a', { data: `${at}:${n}` })),
    )
    await Promise.all(published)
    for (const listener of listeners) await listener.hears(300)
    const [first] = listeners
    for (const listener of listeners) expect(listener.heard).toEqual(first?.heard)
    for (const at of servers.keys()) {
      const own = first?.data.filter((data) => data.startsWith(`${at}:`))
      expect(own).toEqual(Array.from({ length: 100 }, (_, n) => `${at}:${n}`))
    }
  })

  fact('every field survives the way, whatever is in it', async () => {
    const room = open()
    const [here, there] = [room.server(), room.server()]
    const listener = new Listener('/?channel=a')
    await listener.connect(there)
    await here.publish('a', { event: 'té\t', id: 'own@1', data: 'a\n\nb\u0000☃\u{1f600} ' })
    await here.publish('a', { data: [null, { a: '\n' }] })
    await here.publish('a', { data: '' })
    await here.publish('a', { id: 'moves the cursor', comment: 'and says nothing' })
    await here.publish('a', { data: 'last', retry: 5 })
    await listener.hears(4)
    expect(listener.heard.map(({ type, data }) => [type, data])).toEqual([
      ['té\t', 'a\n\nb\u0000☃\u{1f600} '],
      ['message', '[null,{"a":"\\n"}]'],
      ['message', ''],
      ['message', 'last'],
    ])
    expect(listener.heard[0]?.id).toBe('a@own@1')
  })

  fact(
    'an event that the wire cannot carry is an error to its publisher, and reaches nobody',
    async () => {
      const room = open()
      const here = room.server({ onError: () => {} })
      const listener = new Listener('/?channel=a')
      await listener.connect(here)
      await expect(here.publish('a', { id: 'a\nb' })).rejects.toMatchObject({
        code: 'invalid-event',
      })
      await expect(here.publish('//', {})).rejects.toMatchObject({ code: 'invalid-channel' })
      await here.publish('a', { data: 'good' })
      await listener.hears(1)
      expect(listener.data).toEqual(['good'])
    },
  )

  fact('beforeSend drops an event before anybody has it', async () => {
    const room = open()
    const here = room.server({ beforeSend: (event) => (event.data === 'no' ? null : event) })
    const listener = new Listener('/?channel=a')
    await listener.connect(here)
    expect(await here.publish('a', { data: 'no' })).toEqual({ id: undefined })
    await here.publish('a', { data: 'yes' })
    await listener.hears(1)
    expect(listener.heard).toMatchObject([{ data: 'yes' }])
  })

  fact('a client goes on in another process exactly where it was', async () => {
    const room = open()
    const [here, there] = [room.server(), room.server()]
    const listener = new Listener('/?channel=a')
    await listener.connect(here)
    await here.publish('a', { data: '1' })
    await listener.hears(1)
    await listener.leave()
    await there.publish('a/b', { data: '2' })
    await here.publish('b', { data: 'not for a' })
    await here.broadcast({ data: '3' })
    await listener.connect(there)
    await listener.hears(3)
    await there.publish('a', { data: '4' })
    await listener.hears(4)
    expect(listener.data).toEqual(['1', '2', '3', '4'])
  })

  fact('a client that leaves before its first event misses none', async () => {
    const room = open()
    const [here, there] = [room.server(), room.server()]
    const listener = new Listener('/?channel=a')
    await listener.connect(here)
    await listener.until(() => listener.cursor !== undefined)
    await listener.leave()
    await here.publish('a', { data: 'missed' })
    await listener.connect(there)
    await listener.hears(1)
    expect(listener.data).toEqual(['missed'])
  })

  fact('who is up to date hears nothing again', async () => {
    const room = open()
    const [here, there] = [room.server(), room.server()]
    const listener = new Listener('/?channel=a')
    await listener.connect(here)
    await here.publish('a', { data: '1' })
    await listener.hears(1)
    await listener.leave()
    await listener.connect(there)
    await here.publish('a', { data: '2' })
    await listener.hears(2)
    expect(listener.data).toEqual(['1', '2'])
  })

  fact('ids of the publisher are cursors too', async () => {
    const room = open({ ids: 'manual' })
    const options = { ids: 'manual' } as const
    const [here, there] = [room.server(options), room.server(options)]
    for (const id of ['x', 'y', 'z']) {
      expect(await here.publish('a', { id, data: id })).toEqual({ id })
      expect(await here.publish('a', { data: `after ${id}` })).toEqual({ id: undefined })
    }
    const listener = new Listener('/?channel=a')
    listener.cursor = 'y'
    await listener.connect(there)
    await listener.hears(3)
    expect(listener.data).toEqual(['after y', 'z', 'after z'])
  })

  for (const [policy, told] of [
    ['reset', [['millrace-reset', '']]],
    ['none', []],
    [
      'all',
      [
        ['message', '1'],
        ['message', '2'],
      ],
    ],
  ] as const) {
    fact(`an id of another run is unknown, and answered by the policy '${policy}'`, async () => {
      const room = open()
      const here = room.server({ onUnknownId: policy })
      for (const data of ['1', '2']) await here.publish('a', { data })
      for (const cursor of ['other-1', 'other-99', 'nonsense', 'a@other-1']) {
        const listener = new Listener('/?channel=a')
        listener.cursor = cursor
        await listener.connect(here)
        await listener.until(() => listener.cursor !== cursor)
        expect(listener.heard.map(({ type, data }) => [type, data])).toEqual(told)
        await listener.leave()
      }
    })
  }

  fact('an id that has expired is told as a gap, an id that has not is not', async () => {
    const count = 10
    const room = open({ count })
    const [here, there] = [room.server(), room.server()]
    const early = new Listener('/?channel=a')
    const late = new Listener('/?channel=a')
    await early.connect(here)
    await here.publish('a', { data: 'first' })
    await early.hears(1)
    await early.leave()
    for (let n = 0; n < 30 * count; n += 1) await here.publish('a', { data: String(n) })
    late.cursor = (await here.publish('a', { data: 'near' })).id
    await here.publish('a', { data: 'end' })
    await early.connect(there)
    await late.connect(there)
    await Promise.all([early.hears(2), late.hears(1)])
    expect(early.heard.at(-1)?.type).toBe('millrace-reset')
    expect(late.data).toEqual(['end'])
  })

  fact(
    'wherever a client comes back while others publish, it hears everything once and in order',
    async () => {
      const step = fc.oneof(
        {
          weight: 4,
          arbitrary: fc.record({
            publish: fc.nat({ max: 2 }),
            to: fc.constantFrom('a', 'a/b', 'c', ''),
          }),
        },
        { weight: 1, arbitrary: fc.record({ move: fc.nat({ max: 1 }), to: fc.nat({ max: 2 }) }) },
        { weight: 1, arbitrary: fc.record({ turns: fc.nat({ max: 3 }) }) },
      )
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
          const room = open()
          const servers = [room.server(), room.server(), room.server()] as const
          const listeners = [
            new Listener('/?channel=a'),
            new Listener('/?channel=a/b&channel=c'),
          ] as const
          for (const [at, listener] of listeners.entries()) {
            await listener.connect(of(servers, at))
            await listener.until(() => listener.cursor !== undefined)
          }
          const published: Promise<unknown>[] = []
          const sent: { data: string; to: string; by: number }[] = []
          for (const one of steps) {
            if ('publish' in one) {
              const data = String(sent.length)
              const server = of(servers, one.publish)
              sent.push({ data, to: one.to, by: one.publish })
              published.push(
                one.to === '' ? server.broadcast({ data }) : server.publish(one.to, { data }),
              )
            } else if ('move' in one) {
              const listener = of(listeners, one.move)
              await listener.leave()
              await listener.connect(of(servers, one.to))
            } else {
              for (let n = one.turns; n > 0; n -= 1)
                await new Promise((resolve) => setImmediate(resolve))
            }
          }
          await Promise.all(published)
          await servers[0].broadcast({ data: 'end' })
          const hearing = [(to: string) => to !== 'c', (to: string) => to !== 'a'] as const
          for (const [at, listener] of listeners.entries()) {
            await listener.until(() => listener.data.includes('end'))
            const due = sent.filter(({ to }) => hearing[at]?.(to))
            const heard = listener.data.slice(0, -1)
            expect(heard.toSorted()).toEqual(due.map(({ data }) => data).toSorted())
            for (const by of [0, 1, 2]) {
              const own = due.filter((one) => one.by === by).map(({ data }) => data)
              expect(heard.filter((data) => own.includes(data))).toEqual(own)
            }
          }
          await room.close()
        }),
        { numRuns: host.runs },
      )
    },
  )

  fact(
    'a server that closes has delivered what it took, takes no more, and leaves the others alone',
    async () => {
      const room = open()
      const [here, there] = [room.server({ onError: () => {} }), room.server()]
      const listener = new Listener('/?channel=a')
      const other = new Listener('/?channel=a')
      await listener.connect(here)
      await other.connect(there)
      const taken = here.publish('a', { data: 'last words' })
      await here.close()
      await taken
      await listener.ended()
      expect(listener.data).toEqual(['last words'])
      await expect(here.publish('a', {})).rejects.toMatchObject({ code: 'closed' })
      await there.publish('a', { data: 'goes on' })
      await other.hears(2)
      expect(other.data).toEqual(['last words', 'goes on'])
    },
  )
}

function of<Item>(items: readonly Item[], at: number): Item {
  const item = items[at]
  if (item === undefined) throw new Error(`There is no ${at}`)
  return item
}
