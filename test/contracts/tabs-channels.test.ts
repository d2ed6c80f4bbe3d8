import { finiteReplay } from '@millrace/server'
import { multiplex } from 'millrace'
import { afterEach, expect, test, vi } from 'vitest'
import { startLiveServer, type LiveServer } from '../environment/live-server.ts'
import { rounds } from '../environment/rounds.ts'
import { until } from '../environment/until.ts'
import { randomOf, type Random } from '../harness/random.ts'
import { Tab } from './tabs/tab.ts'

// Tabs that read different channels of one request, over a real server and Node's own locks and channels.

/** Where the rounds begin: another one for rounds that nobody has seen yet. */
const first = Number(process.env['SEED'] ?? 1)
const seeds = Array.from({ length: rounds(8, 400) }, (_, index) => first + index)

vi.setConfig({ testTimeout: rounds(60_000, 600_000) })

const names = ['pets', 'pets/dogs', 'pets/cats', 'cars'] as const
const types = ['bark', 'honk'] as const
const channels = multiplex({ param: 'channel' })
const isWithin = (name: string, parent: string) => name === parent || name.startsWith(`${parent}/`)

interface Published {
  readonly channel: string
  readonly type: string
  readonly data: string
}

/** A listener in a tab. */
interface Ear {
  readonly tab: Tab
  readonly channel: string
  readonly type: string
  readonly heard: string[]
  readonly stop: () => void
  stopped: boolean
  /** How many events had been published when all was well for the first time. */
  settled: number
}

/** What was heard of some events, and what should have been. */
interface Verdict {
  readonly heard: readonly string[]
  readonly expected: readonly string[]
}

function verdictOf({ heard, stopped }: Ear, events: readonly Published[]): Verdict {
  const all = events.map(({ data }) => data)
  const some = heard.filter((data) => all.includes(data))
  return { heard: some, expected: stopped ? all.slice(0, some.length) : all }
}

class Round {
  readonly random: Random
  readonly #server: LiveServer
  readonly #published: Published[] = []
  readonly #ears: Ear[] = []

  constructor(seed: number, server: LiveServer) {
    this.random = randomOf(seed)
    this.#server = server
    for (let count = 0; count < 3; count += 1) this.#open()
  }

  get #listening(): Ear[] {
    return this.#ears.filter(({ stopped }) => !stopped)
  }

  /** Those in which somebody listens. */
  get tabs(): Tab[] {
    return [...new Set(this.#listening.map(({ tab }) => tab))]
  }

  /** Something happens. */
  async happen(): Promise<void> {
    const { random } = this
    const [tab] = this.tabs.length > 0 ? [random.pick(this.tabs)] : []
    const luck = random.below(97)
    if (luck < 35) {
      for (let left = random.below(5); left >= 0; left -= 1) {
        this.#publish(random.pick(names), random.pick(types))
      }
    } else if (luck < 60) await this.#turns(random.below(20))
    else if (luck < 65 && this.tabs.length < 5) this.#open()
    else if (luck < 75 && tab !== undefined) this.#listen(tab)
    else if (luck < 83 && this.#listening.length > 2) this.#stop(random.pick(this.#listening))
    else if (luck < 90 && tab !== undefined && this.tabs.length > 1) this.#close(tab)
    else if (luck < 94) this.#server.drop()
    else tab?.stream({ channels }).reconnect()
  }

  /** Everybody is in, and has heard what is published last; over one connection. */
  async settle(): Promise<void> {
    await until(() => this.tabs.every(({ isIn }) => isIn))
    // Of its channel itself: what is below that may be heard before.
    const isThere = ({ channel, heard }: Ear) =>
      heard.some((data) => this.#published[Number(data) - 1]?.channel === channel)
    await until(() => {
      this.#publishAll()
      return this.#listening.every(isThere)
    })
    this.#publishAll()
    await until(() =>
      this.#listening.every((ear) => ear.heard.at(-1) === this.#meantFor(ear).at(-1)?.data),
    )
    const { sessions } = this.#server.events
    await until(() => sessions.size === Math.min(1, this.tabs.length))
    for (const ear of this.#listening) ear.settled = Math.min(ear.settled, this.#published.length)
  }

  /**
   * Of each channel and type, a listener hears all from the first that it hears on; and once all is well, of all of them
   * together. Before that it may hear some of what it reads while the rest is yet to be asked for: a child of its channel,
   * with tabs or without; a type that was read here before, in a tab that follows.
   */
  verdicts(): Verdict[] {
    return this.#ears.flatMap((ear) => {
      const all = this.#meantFor(ear)
      const since = all.filter(({ data }) => Number(data) > ear.settled)
      const kinds = Object.values(Object.groupBy(all, ({ channel, type }) => `${channel} ${type}`))
      return [since, ...kinds].map((some = []) => {
        const first = some.findIndex(({ data }) => ear.heard.includes(data))
        return verdictOf(ear, some === since ? some : first === -1 ? [] : some.slice(first))
      })
    })
  }

  #meantFor({ channel, type }: Ear): Published[] {
    return this.#published.filter(
      (event) => isWithin(event.channel, channel) && (type === '*' || type === event.type),
    )
  }

  #publish(channel: string, type: string): void {
    const data = String(this.#published.length + 1)
    this.#published.push({ channel, type, data })
    void this.#server.events.publish(channel, { event: type, data })
  }

  #publishAll(): void {
    for (const name of names) for (const type of types) this.#publish(name, type)
  }

  #open(): void {
    this.#listen(new Tab({ url: this.#server.url }))
  }

  #listen(tab: Tab): void {
    const channel = this.random.pick(names)
    const type = this.random.pick([...types, '*'])
    const heard: string[] = []
    const stream = tab.stream({ channels }).channel(channel)
    const stop = stream.on(type, ({ data }) => heard.push(data))
    this.#ears.push({ tab, channel, type, heard, stop, stopped: false, settled: Infinity })
  }

  #stop(ear: Ear): void {
    ear.stop()
    ear.stopped = true
  }

  #close(tab: Tab): void {
    tab.pool.close()
    for (const ear of this.#listening) if (ear.tab === tab) ear.stopped = true
  }

  async #turns(count: number): Promise<void> {
    let left = count
    await until(() => (left -= 1) < 0)
  }
}

let server: LiveServer
let round: Round
afterEach(async () => {
  for (const tab of round.tabs) tab.pool.close()
  await server.close()
})

test.each(seeds)(
  'whatever is read in which tab, each listener hears what it reads from its first event on, each event once and in order (seed %i)',
  async (seed) => {
    server = await startLiveServer({
      replay: finiteReplay({ count: 100_000 }),
      retry: 1,
      authorize: () => ({}),
    })
    round = new Round(seed, server)
    /* oxlint-disable no-await-in-loop -- one thing happens after the other */
    for (let step = 1; step <= 60; step += 1) {
      await round.happen()
      if (round.random.chance(0.03) || step === 60) await round.settle()
    }
    /* oxlint-enable no-await-in-loop */
    for (const { heard, expected } of round.verdicts()) expect(heard).toEqual(expected)
  },
)
