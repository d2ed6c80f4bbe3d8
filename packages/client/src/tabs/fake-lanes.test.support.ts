interface Task {
  readonly number: number
  readonly run: () => void
}

interface Lane<Tab> {
  readonly tab: Tab
  readonly name: string
  readonly tasks: Task[]
}

/** What is to happen in tabs: in order within a lane of a tab, in any order with what is in others. */
export class FakeLanes<Tab extends { readonly name: string; readonly frozen: boolean }> {
  readonly #lanes = new Map<string, Lane<Tab>>()
  #count = 0

  add(tab: Tab, name: string, run: () => void): void {
    const key = `${tab.name} ${name}`
    const lane = this.#lanes.get(key) ?? { tab, name, tasks: [] }
    this.#lanes.set(key, lane)
    lane.tasks.push({ number: (this.#count += 1), run })
  }

  forget(tab: Tab, name?: string): void {
    for (const [key, lane] of this.#lanes) {
      if (lane.tab === tab && (name === undefined || lane.name === name)) this.#lanes.delete(key)
    }
  }

  /** Takes one of the things that can happen next. */
  take(random: () => number): (() => void) | undefined {
    const able = [...this.#lanes]
      .filter(([, { tab }]) => !tab.frozen)
      .toSorted(([, one], [, other]) => first(one) - first(other))
    const [key = '', lane] = able[Math.floor(random() * able.length)] ?? []
    const task = lane?.tasks.shift()
    if (lane?.tasks.length === 0) this.#lanes.delete(key)
    return task?.run
  }
}

function first({ tasks: [task] }: Lane<unknown>): number {
  return task?.number ?? 0
}
