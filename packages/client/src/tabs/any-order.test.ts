import { expect, test } from 'vitest'
import { rounds } from '../../../../test/environment/rounds.ts'
import { multiplex } from '../stream/channel.ts'
import { FakeBrowser, type FakeTab } from './fake-browser.test.support.ts'

const url = 'https://server.test/events'
const types = ['a', 'b', 'c']
const isOf = (channel: string, parent: string) =>
  parent === '' || channel === parent || channel.startsWith(`${parent}/`)

/** A listener in a tab: what it heard, and whether it still listens. */
interface Ear {
  readonly tab: FakeTab
  readonly type: string
  readonly channel: string
  readonly heard: { readonly type: string; readonly data: string }[]
  readonly stop: () => void
  stopped: boolean
}

/** What may happen, and how often. */
type Mishap = readonly [weight: number, happen: () => unknown]

interface RoundOptions {
  readonly hearsEveryType: boolean
  /** Those of one request, which tabs read. */
  readonly channels?: readonly string[]
  /** Whether users come and go, and readers reconnect; clocks are set; and the server says where the stream is. */
  readonly isRestless?: boolean
}

const scopes = ['ada', 'bob']

/** Tabs that come, go, freeze and crash while events come and connections break, all by chance. */
class Round {
  readonly browser: FakeBrowser
  readonly ears: Ear[] = []
  /** Whose each tab is. */
  readonly #scopes = new Map<FakeTab, string>()
  readonly #options: RoundOptions
  readonly #channels: readonly string[]

  constructor(seed: number, options: RoundOptions) {
    this.browser = new FakeBrowser(seed)
    this.#options = options
    this.#channels = options.channels ?? ['']
    for (let count = 0; count < 3; count += 1) this.#open()
  }

  readonly #mishaps: readonly Mishap[] = [
    [6, () => this.#times(4, () => this.#publish(this.#any(types)))],
    [8, async () => this.#steps(1 + this.#below(30))],
    [3, async () => this.browser.pass(this.#below(600))],
    [1, () => this.browser.tabs.size < 6 && this.#open()],
    [1, () => this.listen(this.#any([...this.browser.tabs]))],
    [1, () => this.#stop()],
    [1, () => this.browser.tabs.size > 1 && this.#any([...this.browser.tabs]).crash()],
    [1, () => this.#any([...this.browser.tabs]).freeze()],
    [2, () => this.#any([...this.browser.tabs]).thaw()],
    [0.5, () => this.browser.server.drop()],
    [0.3, () => this.#failOrRecover()],
  ]

  readonly #whims: readonly Mishap[] = [
    [1, () => this.#logIn(this.#any([...this.browser.tabs]))],
    [1, () => this.#streamOf(this.#any([...this.browser.tabs])).reconnect()],
    [1, () => this.#close(this.#any([...this.browser.tabs]))],
    [1, () => this.browser.server.move()],
    [1, () => (this.browser.clockSet += this.#any([-3_600_000, -500, 3_600_000]))],
  ]

  #open(): void {
    this.listen(this.browser.open(this.#options))
  }

  listen(tab: FakeTab): void {
    if (!this.#scopes.has(tab)) this.#scopes.set(tab, 'ada')
    const type = this.#any(tab.hearsEveryType ? [...types, '*'] : types)
    const heard: Ear['heard'] = []
    const channel = this.#anyChannel()
    const whole = this.#streamOf(tab)
    const stream = channel ? whole.channel(channel) : whole
    const stop = stream.on(type, (event) => heard.push(event))
    this.ears.push({ tab, type, channel, heard, stop, stopped: false })
  }

  #streamOf({ pool }: FakeTab) {
    const scheme = multiplex({ param: 'channel' })
    return pool.stream(url, this.#options.channels ? { channels: scheme } : {})
  }

  #publish(type: string): void {
    this.browser.server.publish(type, undefined, this.#anyChannel())
  }

  async mishap(): Promise<void> {
    const { isRestless = false } = this.#options
    const mishaps = isRestless ? [...this.#mishaps, ...this.#whims] : this.#mishaps
    const all = mishaps.reduce((sum, [weight]) => sum + weight, 0)
    let left = this.browser.random() * all
    const [, happen] = mishaps.find(([weight]) => (left -= weight) < 0) ?? []
    await happen?.()
    await this.browser.settle()
  }

  /** All is well again, and every type is heard once more. */
  async recover(): Promise<void> {
    const { server, tabs } = this.browser
    server.refusal = undefined
    for (const tab of tabs) tab.thaw()
    await this.browser.pass(40_000)
    for (const type of types) {
      for (const channel of this.#channels) server.publish(type, undefined, channel)
    }
    await this.browser.pass(2_000)
  }

  /**
   * Every listener of a tab that is left: what it heard of each type and channel, and what it should have, from the first of
   * these on. Where it begins, it hears those of one channel before those of another.
   */
  verdicts(): { readonly heard: string[]; readonly expected: string[] }[] {
    return this.ears
      .filter(({ tab }) => !tab.dead)
      .flatMap(({ type, channel, heard, stopped }) =>
        this.#published(type, channel).map((all) => {
          const mine = heard.map(({ data }) => data).filter((data) => all.includes(data))
          const from = mine.length === 0 && stopped ? all.length : all.indexOf(mine[0] ?? '')
          return {
            heard: mine,
            expected: all.slice(from, stopped ? from + mine.length : undefined),
          }
        }),
      )
  }

  /** All that was published of each type and channel that is heard. */
  #published(type: string, channel: string): string[][] {
    const { events } = this.browser.server
    return this.#channels
      .filter((name) => isOf(name, channel))
      .flatMap((name) => (type === '*' ? types : [type]).map((one) => [name, one]))
      .map(([name, one]) => events.filter((event) => event.channel === name && event.type === one))
      .map((all) => all.map(({ data }) => data))
  }

  /** What a listener heard of a channel after what came later. */
  outOfOrder(): unknown[] {
    const { events } = this.browser.server
    const channelOf = (data: string) => events[Number(data) - 1]?.channel
    return this.ears.flatMap(({ heard }) =>
      this.#channels.flatMap((name) =>
        heard
          .filter(({ data }) => channelOf(data) === name)
          .filter(({ data }, index, all) => Number(data) < Number(all[index - 1]?.data ?? 0)),
      ),
    )
  }

  /** Whose tabs listen. */
  get users(): ReadonlySet<string | undefined> {
    const listening = this.ears.filter(({ tab, stopped }) => !tab.dead && !stopped)
    return new Set(listening.map(({ tab }) => this.#scopes.get(tab)))
  }

  #below(most: number): number {
    return Math.floor(this.browser.random() * most)
  }

  #anyChannel(): string {
    return this.#options.channels ? this.#any(this.#channels) : ''
  }

  #any<Value>(values: readonly Value[]): Value {
    const [value] = values.slice(this.#below(values.length)) as [Value, ...Value[]]
    return value
  }

  #times(most: number, run: () => void): void {
    for (let left = 1 + this.#below(most); left > 0; left -= 1) run()
  }

  async #steps(count: number): Promise<void> {
    // oxlint-disable-next-line no-await-in-loop -- one thing happens after the other
    for (let left = count; left > 0 && (await this.browser.step()); left -= 1);
  }

  #stop(): void {
    const ear = this.#any(this.ears.filter(({ tab, stopped }) => !stopped && !tab.dead))
    if (ear === undefined) return
    ear.stop()
    ear.stopped = true
  }

  #logIn(tab: FakeTab): void {
    const scope = this.#any(scopes)
    this.#scopes.set(tab, scope)
    tab.sharing.setScope(scope)
  }

  /** Its readers are gone, and another comes. */
  #close(tab: FakeTab): void {
    for (const ear of this.ears) ear.stopped ||= ear.tab === tab
    tab.pool.close()
    this.listen(tab)
  }

  #failOrRecover(): void {
    const { server } = this.browser
    server.refusal = server.refusal ? undefined : { kind: 'network', cause: undefined }
    if (server.refusal !== undefined) server.drop()
  }
}

/** Where the rounds begin: another one for rounds that nobody has seen yet. */
const first = Number(process.env['SEED'] ?? 1)
const unseen = Array.from({ length: rounds(8, 4_000) }, (_, index) => first + index)
/** Those that found what nobody had thought of. */
const seeds = [
  1_052,
  1_548,
  1_915,
  42_401,
  111_771,
  112_526,
  403_485,
  501_902,
  501_941,
  1_011_044,
  1_015_172,
  1_017_389,
  3_003_988,
  1_087,
  1_373,
  1_444,
  5_062,
  5_198,
  5_283,
  6_004,
  6_203,
  7_514,
  10_181,
  10_399,
  11_567,
  11_936,
  4_162,
  5_031,
  7_780,
  8_124,
  ...unseen,
]

const channels = ['dogs', 'cats', 'cars']
const kinds: Record<string, RoundOptions> = {
  'a transport that hears every type': { hearsEveryType: true },
  'a transport that hears the types it is told of': { hearsEveryType: false },
  'one request for the channels of all': { hearsEveryType: true, channels },
  'a transport, where users come and go': { hearsEveryType: true, isRestless: true },
  'one request for channels, where users come and go': {
    hearsEveryType: true,
    channels,
    isRestless: true,
  },
  'one request for channels and what is below them, where users come and go': {
    hearsEveryType: true,
    channels: ['pets', 'pets/dogs', 'cars'],
    isRestless: true,
  },
}

for (const [kind, options] of Object.entries(kinds)) {
  test(`over ${kind}, whatever happens in any order, each tab hears every event once and in order, and one connection is left for each user`, async () => {
    for (const seed of options.isRestless ? [8_000_056, 8_100_968, ...unseen] : seeds) {
      const round = new Round(seed, options)
      const { browser } = round
      /* oxlint-disable no-await-in-loop -- one thing happens after the other */
      for (let count = 0; count < 120; count += 1) await round.mishap()
      await round.recover()
      for (const { heard, expected } of round.verdicts()) {
        expect(heard, `seed ${seed}`).toEqual(expected)
      }
      expect(round.outOfOrder(), `seed ${seed}`).toEqual([])
      const { connections } = browser.server
      expect(connections.size, `seed ${seed}`).toBe(round.users.size)
      for (const tab of browser.tabs) tab.pool.close()
      await browser.pass(0)
      /* oxlint-enable no-await-in-loop */
      expect(browser.leftovers, `seed ${seed}`).toEqual([])
      expect([...browser.tabs].map(({ timers }) => timers).filter(Boolean)).toEqual([])
      expect(connections.size).toBe(0)
    }
  }, 600_000)
}
