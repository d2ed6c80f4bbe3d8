import type { FakeClient, FakeEventServer } from '@millrace/testing'
import { vi } from 'vitest'
import type { Random } from './random.ts'
import { refusedOnes } from './soak-clients.ts'
import type { Kind, SoakClient } from './soak-clients.ts'

const channels = ['pets', 'pets/dogs', undefined]
const MOST_CLIENTS = 6

interface Member {
  readonly client: SoakClient
  readonly seen: FakeClient
  readonly expected: string[]
  stalled: boolean
}

/** What it is done with. */
export interface SoakMeans {
  readonly fetcher: typeof fetch
  readonly kinds: readonly Kind[]
  readonly random: Random
  readonly canFakeTimers: boolean
}

/** What should be so, beside what is. */
export class Soaking {
  readonly #events: FakeEventServer
  readonly #means: SoakMeans
  readonly #wrong: string[] = []
  #members: Member[] = []
  #sent = 0

  constructor(events: FakeEventServer, means: SoakMeans) {
    this.#events = events
    this.#means = means
  }

  async step(): Promise<void> {
    const { random } = this.#means
    if (this.#members.length === 0) await this.#open()
    else if (this.#members.length > MOST_CLIENTS) await this.#leave()
    else await random.pick(this.#operations)()
  }

  /** Everything that is not as it should be: at once, for nothing may be on its way. */
  look(): readonly string[] {
    for (const { client, seen, expected } of this.#members) {
      this.#compare(`what client ${seen.number} has`, client.take(), expected.splice(0))
    }
    const numbers = this.#members.map(({ seen }) => seen.number)
    this.#compare(
      'who is there',
      this.#events.clients.map(({ number }) => number),
      numbers,
    )
    return this.#wrong.splice(0)
  }

  #compare(what: string, is: readonly unknown[], should: readonly unknown[]): void {
    const [left, right] = [is, should].map((value) => JSON.stringify(value))
    if (left !== right) this.#wrong.push(`${what} is ${left} and should be ${right}`)
  }

  async end(): Promise<void> {
    await this.#events.reset()
    for (const { client } of this.#members) client.leave()
    await this.#events.flush()
  }

  readonly #operations: readonly (() => Promise<void>)[] = [
    () => this.#open(),
    () => this.#leave(),
    () => this.#send(),
    () => this.#send(),
    () => this.#sendToChannel(),
    () => this.#sendToOne(),
    () => this.#sendMany(),
    () => this.#sendInPieces(),
    () => this.#say(),
    () => this.#endOne(),
    () => this.#endAll(),
    () => this.#sendAway(),
    () => this.#keepWaiting(),
    () => this.#stall(),
    () => this.#fakeTimers(),
    () => this.#reset(),
  ]

  #opening(): SoakClient {
    const { random, kinds } = this.#means
    const channel = random.pick(channels)
    const { address } = this.#events
    const url = channel === undefined ? address : `${address}?channel=${channel}`
    return random.pick(kinds)({ url, channel, late: random.below(20) })
  }

  async #join(clients: readonly SoakClient[]): Promise<void> {
    const count = this.#members.length + clients.length
    const seen = await this.#events.connected({ count })
    // Those that ask together may come in any order.
    const fresh = seen.slice(this.#members.length)
    for (const client of clients) {
      const at = fresh.findIndex(({ channels: [own] }) => own === client.channel)
      const [one] = fresh.splice(at, 1)
      if (one) this.#members.push({ client, seen: one, expected: [], stalled: false })
    }
    this.#members.sort((left, right) => left.seen.number - right.seen.number)
  }

  async #open(): Promise<void> {
    const distinct = new Map<string | undefined, SoakClient>()
    for (let count = 1 + this.#means.random.below(2); count > 0; count -= 1) {
      const client = this.#opening()
      if (distinct.has(client.channel)) client.leave()
      else distinct.set(client.channel, client)
    }
    await this.#join([...distinct.values()])
  }

  async #leave(): Promise<void> {
    const [gone] = this.#members.splice(this.#means.random.below(this.#members.length), 1)
    gone?.client.leave()
    await this.#events.flush()
  }

  #next(): string {
    this.#sent += 1
    return `${this.#sent} äöü € ${this.#means.random.chance(0.02) ? 'long '.repeat(8_000) : ''}.`
  }

  #expect(data: string, hears: (member: Member) => boolean = () => true): string {
    for (const member of this.#members) {
      if (!member.stalled && hears(member)) member.expected.push(data)
    }
    return data
  }

  async #send(): Promise<void> {
    await this.#events.send({ data: this.#expect(this.#next()) })
  }

  async #sendToChannel(): Promise<void> {
    const data = this.#expect(this.#next(), ({ client }) => client.channel !== undefined)
    await this.#events.channel('pets/dogs').send({ data }, { allowNone: true })
  }

  async #sendToOne(): Promise<void> {
    const one = this.#means.random.pick(this.#members)
    await one.seen.send({ data: this.#expect(this.#next(), (member) => member === one) })
  }

  // Some are awaited, some are not; what comes after waits for all.
  async #sendMany(): Promise<void> {
    const { random } = this.#means
    const awaited: Promise<void>[] = []
    for (let count = 2 + random.below(6); count > 0; count -= 1) {
      const sent = this.#events.send({ data: this.#expect(this.#next()) })
      if (random.chance(0.5)) awaited.push(sent)
    }
    await Promise.all(awaited)
    await this.#events.flush()
  }

  async #sendInPieces(): Promise<void> {
    const { random } = this.#means
    const data = this.#next()
    // Raw bytes reach those, too, who are stalled.
    for (const { expected } of this.#members) expected.push(data)
    const bytes = new TextEncoder().encode(`data: ${data}\n\n`)
    const pieces: Uint8Array[] = []
    for (let at = 0; at < bytes.length;) {
      const length = 1 + random.below(bytes.length > 1_000 ? 9_000 : 20)
      pieces.push(bytes.subarray(at, at + length))
      at += length
    }
    await this.#events.sendChunks(pieces)
  }

  async #say(): Promise<void> {
    await this.#events.comment('still here')
  }

  async #endOne(): Promise<void> {
    const { random } = this.#means
    const [gone] = this.#members.splice(random.below(this.#members.length), 1)
    await (random.chance(0.5) ? gone?.seen.drop() : gone?.seen.end())
    gone?.client.leave()
    await this.#events.flush()
  }

  async #endAll(): Promise<void> {
    if (!this.#means.random.chance(0.2)) return
    await (this.#means.random.chance(0.5) ? this.#events.drop() : this.#events.end())
    for (const { client } of this.#members.splice(0)) client.leave()
    await this.#events.flush()
  }

  async #sendAway(): Promise<void> {
    const { random, fetcher } = this.#means
    const times = 1 + random.below(3)
    const status = random.pick([204, 401, 503])
    this.#events.refuse({ status }, { times })
    this.#events.unreachable({ times: 1 })
    const statuses = await refusedOnes(this.#events, fetcher, times + 1)
    // Two that ask at once may be met in any order.
    const refused = statuses.filter((one) => one === status)
    this.#compare('how many were refused', [refused.length, statuses.length], [times, times + 1])
  }

  async #keepWaiting(): Promise<void> {
    this.#events.withhold({ times: 1 })
    const client = this.#opening()
    await this.#events.flush()
    this.#wrong.push(...this.look())
    if (this.#means.random.chance(0.5)) {
      client.leave()
      await this.#events.flush()
    } else {
      await this.#events.release()
      await this.#join([client])
    }
  }

  async #stall(): Promise<void> {
    const one = this.#means.random.pick(this.#members)
    one.stalled = true
    one.seen.stall()
  }

  async #fakeTimers(): Promise<void> {
    if (!this.#means.canFakeTimers) return
    if (vi.isFakeTimers()) {
      vi.advanceTimersByTime(this.#means.random.below(2_000))
      vi.useRealTimers()
    } else {
      vi.useFakeTimers({ toNotFake: ['setImmediate', 'clearImmediate'] })
    }
  }

  async #reset(): Promise<void> {
    if (!this.#means.random.chance(0.1)) return
    for (const { client } of this.#members.splice(0)) client.leave()
    await this.#events.reset()
    this.#compare('the log', this.#events.log, [])
  }
}
