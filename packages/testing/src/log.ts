import type { ServerEvent } from '@millrace/server'

/**
 * What can happen at a fake. `client` numbers the requests, the first is 1.
 *
 * An event that was invalid, or that `beforeSend` has dropped, was not `sent`.
 *
 * @example
 * const sent = ({ kind }: LogDetails) => kind === 'sent'
 * expect(events.log.filter(sent)).toHaveLength(2)
 */
export type LogDetails =
  | {
      readonly kind: 'requested'
      readonly client: number
      readonly url: string
      /** The cursor it came with, in the header or in the query. */
      readonly lastEventId: string | undefined
    }
  | { readonly kind: 'withheld'; readonly client: number }
  | { readonly kind: 'opened'; readonly client: number; readonly channels: readonly string[] }
  | { readonly kind: 'refused'; readonly client: number; readonly status: number }
  | { readonly kind: 'failed'; readonly client: number }
  | {
      readonly kind: 'sent'
      /** A copy, of the event as `beforeSend` has left it. */
      readonly event: ServerEvent
      /** The channel it was sent to; none means everyone. */
      readonly channel: string | undefined
      /** Who was there to get it, the stalled excepted. */
      readonly clients: readonly number[]
    }
  | { readonly kind: 'wrote'; readonly bytes: Uint8Array; readonly clients: readonly number[] }
  | {
      readonly kind: 'closed'
      readonly client: number
      readonly reason: ClosedReason
    }
  | {
      readonly kind: 'told'
      readonly what: 'accept' | 'refuse' | 'unreachable' | 'stall' | 'withhold' | 'release' | 'calm'
      /** Whom it is about, where it is one alone. */
      readonly client?: number
    }
  | { readonly kind: 'told'; readonly what: 'chaos'; readonly seed: number }

/**
 * Why a connection is no more: the client left, the test dropped or ended it, or the engine did.
 *
 * @example
 * const reasons = events.log.flatMap((record): ClosedReason[] => (record.kind === 'closed' ? [record.reason] : []))
 * expect(reasons).toEqual(['client'])
 */
export type ClosedReason = 'client' | 'dropped' | 'ended' | 'broken'

/**
 * One thing that happened; `at` counts them, so two runs of a test give the same.
 *
 * @example
 * expect(events.log.filter(({ kind }) => kind === 'requested')).toHaveLength(1) // one connection
 */
export type LogRecord = LogDetails & { readonly at: number }

/** Everything that happened between two resets, in order. */
export class Log {
  readonly #records: LogRecord[] = []

  get records(): readonly LogRecord[] {
    return [...this.#records]
  }

  add(details: LogDetails): void {
    this.#records.push({ at: this.#records.length + 1, ...copyOf(details) })
  }
}

// What a test does to its own objects afterwards has not happened here.
function copyOf(details: LogDetails): LogDetails {
  if (details.kind === 'wrote') return { ...details, bytes: details.bytes.slice() }
  if (details.kind !== 'sent') return details
  const { event } = details
  try {
    return { ...details, event: structuredClone(event) }
  } catch {
    return { ...details, event: { ...event } }
  }
}
