import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Call } from './pipe.ts'

/** What a page has used, and what it holds. */
export interface Metrics {
  /**
   * Milliseconds of processor time of its main thread: what other processes do meanwhile is none of this one's work.
   * What the protocol calls script leaves out what follows from promises, and so nearly all that a reader loop does.
   */
  readonly thread: number
  /** Bytes of live and dead objects. */
  readonly heap: number
  readonly nodes: number
  readonly listeners: number
}

/** A page in a tab of its own. */
export interface Page {
  /** The value of an expression, or of the promise that it is. */
  readonly run: <Value>(expression: string) => Promise<Value>
  readonly metrics: () => Promise<Metrics>
  readonly collectGarbage: () => Promise<void>
  /** Writes a processor profile of what is done into the folder; just does it where there is none. */
  readonly profiled: <Value>(
    file: ProfileFile | undefined,
    work: () => Promise<Value>,
  ) => Promise<Value>
  readonly close: () => Promise<void>
  /** Its process is gone, without a word. */
  readonly crash: () => void
  /** It is frozen, as the browser does to a tab that nobody has looked at for long. */
  readonly freeze: () => Promise<void>
}

/** Where a profile goes. */
export interface ProfileFile {
  readonly folder: string
  readonly name: string
}

/** Opens a page, and returns when its modules have run. */
export async function openPage(browser: Call, url: string, before?: string): Promise<Page> {
  const { targetId } = (await browser('Target.createTarget', { url: 'about:blank' })) as {
    targetId: string
  }
  const { sessionId } = (await browser('Target.attachToTarget', {
    targetId,
    flatten: true,
  })) as { sessionId: string }
  const call = <Answer>(method: string, parameters?: Record<string, unknown>): Promise<Answer> =>
    browser(method, parameters, sessionId) as Promise<Answer>

  async function run<Value>(expression: string): Promise<Value> {
    const { result, exceptionDetails } = await call<Evaluation>('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    })
    if (exceptionDetails === undefined) return result.value as Value
    const { text, exception } = exceptionDetails
    throw new Error(`Cannot go on in the page: ${exception?.description ?? text}`)
  }

  await call('Performance.enable')
  await call('Page.enable')
  if (before !== undefined) await call('Page.addScriptToEvaluateOnNewDocument', { source: before })
  await call('Page.navigate', { url })
  await run(
    'new Promise((done) => document.readyState === "complete" ? done() : addEventListener("load", done))',
  )

  return {
    run,
    metrics: async () => {
      const { metrics } = await call<{ metrics: { name: string; value: number }[] }>(
        'Performance.getMetrics',
      )
      const named = (name: string): number =>
        metrics.find((metric) => metric.name === name)?.value ?? Number.NaN
      return {
        thread: named('ThreadTime') * 1_000,
        heap: named('JSHeapUsedSize'),
        nodes: named('Nodes'),
        listeners: named('JSEventListeners'),
      }
    },
    collectGarbage: async () => {
      await call('HeapProfiler.collectGarbage')
    },
    profiled: async (file, work) => {
      if (file === undefined) return work()
      await call('Profiler.enable')
      await call('Profiler.setSamplingInterval', { interval: 200 })
      await call('Profiler.start')
      const value = await work()
      const { profile } = await call<{ profile: unknown }>('Profiler.stop')
      mkdirSync(file.folder, { recursive: true })
      writeFileSync(join(file.folder, `${file.name}.cpuprofile`), JSON.stringify(profile))
      return value
    },
    close: async () => {
      await browser('Target.closeTarget', { targetId })
    },
    // Nobody is left to answer.
    crash: () => void call('Page.crash').catch(() => {}),
    freeze: async () => {
      await call('Page.setWebLifecycleState', { state: 'frozen' })
    },
  }
}

interface Evaluation {
  readonly result: { readonly value?: unknown }
  readonly exceptionDetails?: {
    readonly text: string
    readonly exception?: { readonly description?: string }
  }
}
