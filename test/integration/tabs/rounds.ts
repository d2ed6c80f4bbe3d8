import { once } from 'node:events'
import type { Page } from 'playwright'
import { rounds } from '../../environment/rounds.ts'
import { until } from '../../environment/until.ts'
import type { Random } from '../../harness/random.ts'
import { isIn, parted, tallyOf, type App, type Shown } from './app.ts'
import { fateNames, fates, type FateName } from './fates.ts'

/** How many tabs there are before each round. */
const TABS = 4
/**
 * Milliseconds after which a round has come to nothing. Where the machine is busy with something else, a tab that nobody
 * sees gets a tenth of a processor, and one that hung has much to catch up with.
 */
const LIMIT = rounds(30_000, 90_000)
/** How much is told of what went before. */
const LOGGED = 60

/** Tabs that live on while a thousand events a second come, and in each round one or two of them meet a fate, by chance. */
export class Rounds {
  /** What happened in each round. */
  readonly happened: string[] = []
  readonly #app: App
  readonly #random: Random
  /** The page of each tab. */
  readonly #path: string
  /** The tabs, and how many events had been published when each was in. */
  readonly #tabs = new Map<Page, number>()
  #streaming: NodeJS.Timeout | undefined
  /** What is waited for. */
  readonly #waiting = new Set<string>()

  constructor(app: App, random: Random, path: string) {
    this.#app = app
    this.#random = random
    this.#path = path
  }

  async begin(): Promise<void> {
    const began = performance.now()
    this.#streaming = setInterval(() => {
      void this.#app.publish(Math.max(0, performance.now() - began - this.#app.published))
    }, 1)
    await this.#fill()
  }

  end(): void {
    clearInterval(this.#streaming)
  }

  /** One round; rejects where a tab lost anything by it, or not all is well again in the end. */
  async next(): Promise<void> {
    const limit = AbortSignal.timeout(LIMIT)
    const tooLate = once(limit, 'abort').then(() => {
      throw new Error('not all was well again in time')
    })
    await Promise.race([this.#round(), tooLate])
  }

  /** What there is to say of the tabs, where something went wrong. */
  async standings(): Promise<string> {
    const app = this.#app
    const lines = [...this.#tabs].map(async ([page, since]) => {
      const silent = once(AbortSignal.timeout(1_000), 'abort').then(() => 'silent')
      const said = await Promise.race([tallyOf(page), silent]).catch(String)
      return `in since ${since}: ${JSON.stringify(said)}`
    })
    return [
      ...[...new Set(app.log)].toSorted().slice(-LOGGED),
      `published: ${app.published}, connections: ${app.events.sessions.size}`,
      `waited for: ${[...this.#waiting].join(', ')}`,
      ...(await Promise.all(lines)),
    ].join('\n')
  }

  summary(milliseconds: number): string {
    const count = (what: string) => this.happened.filter((line) => line.includes(what)).length
    const { published, most } = this.#app
    return [
      `${this.happened.length} rounds in ${Math.round(milliseconds / 1_000)} s`,
      ...fateNames.map((name) => `${name}: ${count(name)}`),
      `${published} events, at most ${most} connections`,
    ].join('; ')
  }

  async #round(): Promise<void> {
    const app = this.#app
    const { leader, others } = await parted([...this.#tabs.keys()])
    const victims = [this.#random.chance(0.75) ? leader : this.#random.pick(others)]
    if (this.#random.chance(0.2)) victims.push(this.#random.pick(others))
    const names = [...new Set(victims)].map((page) => ({
      page,
      name: this.#random.pick(fateNames),
    }))
    const line = names.map(({ page, name }) => `${page === leader ? 'leader' : 'other'} ${name}`)
    this.happened.push(line.join(', '))
    app.log.push(`${new Date().toISOString()} round ${this.happened.length}: ${line.join(', ')}`)
    // One that hangs may be the next to lead, once it goes on.
    const gone = names.filter(({ name }) => name !== 'hangs').map(({ page }) => page)
    const left = others.filter((page) => !gone.includes(page))
    const meetings = names.map(async ({ page, name }) =>
      this.#wait(
        name,
        this.#meet(page, name, async () => page === leader && parted(left)),
      ),
    )
    await Promise.all(meetings)
    await this.#wait('new tabs', this.#fill())
    const verdicts = [...this.#tabs].map(async ([page, since]) =>
      this.#wait(`a verdict on the tab since ${since}`, this.#judge(page, since)),
    )
    await Promise.all(verdicts)
    await this.#wait('one to lead', parted([...this.#tabs.keys()]))
    const isOne = until(() => this.#app.events.sessions.size === 1)
    await this.#wait('one connection', isOne)
  }

  async #wait(what: string, done: Promise<unknown>): Promise<void> {
    this.#waiting.add(what)
    await done
    this.#waiting.delete(what)
  }

  async #meet(page: Page, name: FateName, replaced: () => Promise<unknown>): Promise<void> {
    const left = await fates[name]({ app: this.#app, random: this.#random, page, replaced })
    if (left === 'nothing') this.#tabs.delete(page)
    if (left === 'a new page') await this.#enter(page)
  }

  async #fill(): Promise<void> {
    const missing = Array.from({ length: TABS - this.#tabs.size }, async () =>
      this.#enter(await this.#app.open(this.#path, this.#app.window)),
    )
    await Promise.all(missing)
  }

  async #enter(page: Page): Promise<void> {
    await isIn(page)
    this.#tabs.set(page, this.#app.published)
  }

  /** Every event since it was in, once and in order. */
  async #judge(page: Page, since: number): Promise<void> {
    await page.evaluate(async (number) => {
      await (globalThis as unknown as Shown).heard(number)
    }, this.#app.published)
    const { first = Infinity, faults } = await tallyOf(page)
    if (faults.length > 0) throw new Error(`a tab heard: ${faults.join('; ')}`)
    if (first > since + 1) throw new Error(`a tab that was in at ${since} heard ${first} first`)
  }
}
