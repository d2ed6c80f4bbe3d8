import { createParser } from 'eventsource-parser'
import { useSyncExternalStore } from 'react'
import { LINGER, type Quote, type Source } from './board.tsx'

interface Store {
  readonly subscribe: (notify: () => void) => () => void
  readonly get: () => Quote | undefined
}

/**
 * What one writes by hand for this one page, and can hardly be less: one fetch, the parser, a store for each type, its
 * readers told once a chunk. It neither reconnects, nor shares, nor lets go in good order.
 */
export function idealSource(url: string, fetch: typeof globalThis.fetch): Source {
  const values = new Map<string, Quote>()
  const readers = new Map<string, Set<() => void>>()
  const stores = new Map<string, Store>()
  let holders = 0
  let controller: AbortController | undefined
  let lingering: ReturnType<typeof setTimeout> | undefined

  async function read({ signal }: AbortController): Promise<void> {
    const { body } = await fetch(url, { signal })
    const reader = body?.getReader()
    const decoder = new TextDecoder()
    const changed = new Set<string>()
    const parser = createParser({
      onEvent: ({ event = 'message', data }) => {
        values.set(event, JSON.parse(data) as Quote)
        changed.add(event)
      },
    })
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- a stream is read one chunk after the other
      const { done = true, value } = (await reader?.read()) ?? {}
      if (done || value === undefined) return
      parser.feed(decoder.decode(value, { stream: true }))
      for (const type of changed) for (const notify of readers.get(type) ?? []) notify()
      changed.clear()
    }
  }
  function hold(): void {
    holders += 1
    clearTimeout(lingering)
    if (controller !== undefined) return
    const mine = (controller = new AbortController())
    read(mine).catch((error: unknown) => {
      if (!mine.signal.aborted) throw error
    })
  }
  function release(): void {
    holders -= 1
    if (holders > 0) return
    // Lets the next page's components take over, as Millrace does.
    lingering = setTimeout(() => {
      controller?.abort()
      controller = undefined
    }, LINGER)
  }
  function storeOf(type: string): Store {
    const known = stores.get(type)
    if (known !== undefined) return known
    const notified = new Set<() => void>()
    readers.set(type, notified)
    const store: Store = {
      subscribe: (notify) => {
        notified.add(notify)
        hold()
        return () => {
          notified.delete(notify)
          release()
        }
      },
      get: () => values.get(type),
    }
    stores.set(type, store)
    return store
  }

  return {
    useQuote: (type) => {
      const { subscribe, get } = storeOf(type)
      return useSyncExternalStore(subscribe, get)
    },
    quiet: () => controller === undefined,
  }
}
