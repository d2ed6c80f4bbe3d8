import type { LogEntry } from '../log/replay.ts'
import type { ProviderAlerts } from '../provider.ts'
import { createReporter, failure } from '../reporter.ts'
import type { Reporter } from '../reporter.ts'

interface Listener {
  readonly deliver: (entry: LogEntry) => void
  readonly alerts: ProviderAlerts | undefined
}

/** Who listens to a provider: none harms another, and what goes wrong is told to all. */
export class Listeners {
  readonly #listeners = new Set<Listener>()
  readonly #reporter: Reporter = createReporter((error) =>
    this.#tell(({ failed }) => failed(error)),
  )

  readonly add = (deliver: Listener['deliver'], alerts?: ProviderAlerts): (() => void) => {
    const listener = { deliver, alerts }
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  readonly deliver = (entry: LogEntry): void => {
    for (const { deliver, alerts } of this.#listeners) {
      try {
        deliver(entry)
      } catch (cause) {
        const what = `deliver the event ${entry.position}`
        alerts?.failed(failure({ code: 'encode-failed', what, remedy: 'Mend encode' }, cause))
      }
    }
  }

  readonly interrupted = (): void => this.#tell(({ interrupted }) => interrupted())

  readonly failed: Reporter['report'] = this.#reporter.report

  readonly hook: Reporter['hook'] = this.#reporter.hook

  clear(): void {
    this.#listeners.clear()
  }

  #tell(alert: (alerts: ProviderAlerts) => void): void {
    for (const { alerts } of this.#listeners) if (alerts) alert(alerts)
  }
}
