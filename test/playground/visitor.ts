import type { Locator, Page } from 'playwright'
import type { ServerStatus } from '../../playground/wire/server-status.ts'
import type { Visit } from './visit.ts'

interface Noting {
  readonly statuses: (string | undefined)[]
}

/** Somebody who looks at one page of the playground, in a tab of their own. */
export class Visitor {
  /** The errors and warnings of the page since it was last opened. */
  readonly complaints: string[] = []
  #visit: Visit | undefined
  #page: Page | undefined

  /** Opens a tab for them. */
  async arrive(visit: Visit): Promise<void> {
    const page = await visit.window.newPage()
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.complaints.push(message.text())
    })
    page.on('pageerror', (error) => this.complaints.push(String(error)))
    this.#visit = visit
    this.#page = page
  }

  /** What they are part of, once they have arrived. */
  get visit(): Visit {
    if (this.#visit === undefined) throw new TypeError('Nobody has arrived yet.')
    return this.#visit
  }

  get page(): Page {
    if (this.#page === undefined) throw new TypeError('Nobody has arrived yet.')
    return this.#page
  }

  /** Opens a page of the playground. */
  async open(path: string): Promise<void> {
    this.complaints.length = 0
    await this.page.goto(`${this.visit.url}${path}`)
    await this.page.locator('.light').waitFor()
  }

  /** How many requests for this path the page has made from now on. */
  countRequests(path: string): () => number {
    let count = 0
    this.page.on('request', (request) => {
      if (request.url() === `${this.visit.url}${path}`) count += 1
    })
    return () => count
  }

  /** What the server of a stream says of itself. */
  async serverStatus(path: string): Promise<ServerStatus> {
    return (await (await fetch(`${this.visit.url}${path}/status`)).json()) as ServerStatus
  }

  figure(name: string): Locator {
    return this.page.locator(`[data-figure=${name}]`)
  }

  /** What the page says of these numbers. */
  figures(...names: readonly string[]): Promise<(string | null)[]> {
    return Promise.all(names.map((name) => this.figure(name).textContent()))
  }

  async figureIs(name: string, text: string): Promise<void> {
    await this.figure(name)
      .filter({ hasText: new RegExp(`^${text}$`) })
      .waitFor()
  }

  async statusIs(status: string): Promise<void> {
    await this.page.locator(`.light[data-status=${status}]`).waitFor()
  }

  /** Resolves when the page has received so many events. */
  async received(count: number): Promise<void> {
    await this.page.waitForFunction((wanted) => {
      const text = document.querySelector('[data-figure=received]')?.textContent ?? ''
      return Number(text.replaceAll(',', '')) >= wanted
    }, count)
  }

  /** Opens it, or closes it, as the keyboard does. */
  async openInspector(): Promise<void> {
    await this.page.getByText('Stream inspector').press('Enter')
  }

  /** What a screen reader would have to call "button", "link" and so on, and nothing more. */
  async namelessControls(): Promise<string[]> {
    const tree = await this.page.locator('body').ariaSnapshot()
    const lines = tree.split('\n').map((line) => line.trim())
    const control = /^- (button|checkbox|combobox|link|radio|region|searchbox|table|textbox)\b/
    return lines.filter((line) => control.test(line) && !/^- \w+ ["/]/.test(line))
  }

  /** Has the page note what its light shows from now on: a busy machine looks away while it waits for half a second. */
  async noteStatuses(): Promise<void> {
    await this.page.evaluate(() => {
      const light = document.querySelector<HTMLElement>('.light')
      if (light === null) return
      const statuses: Noting['statuses'] = []
      Object.assign(window, { statuses })
      const note = () => statuses.push(light.dataset['status'])
      new MutationObserver(note).observe(light, { attributeFilter: ['data-status'] })
    })
  }

  /** Resolves when the light has shown a wait, and is open again. */
  async cameBack(): Promise<void> {
    await this.page.waitForFunction(() => {
      const { statuses } = window as unknown as Noting
      return statuses.includes('waiting') && statuses.at(-1) === 'open'
    })
  }
}
