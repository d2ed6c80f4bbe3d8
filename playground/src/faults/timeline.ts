import { computed, signal, type ReadonlySignal } from '@preact/signals-core'
import type { ConnectionStatus } from 'millrace'
import { formatSeconds } from '../format.ts'
import { traceLog } from '../pool.ts'

/** Something that happened: a button was pressed, the connection stands otherwise, or the client told of something. */
export interface Happening {
  readonly id: string
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly kind: 'fault' | 'transition' | 'gap' | 'error'
  readonly what: string
  readonly why: string
  readonly status: ConnectionStatus | undefined
}

const KEPT = 100

const notes = signal<readonly Happening[]>([])
let count = 0

/** Notes what no transition tells. */
export function note(happening: Pick<Happening, 'kind' | 'what' | 'why'>): void {
  count += 1
  const entry = { ...happening, id: `note ${count}`, at: Date.now(), status: undefined }
  notes.value = [...notes.peek().slice(1 - KEPT), entry]
}

const transitions = computed(() =>
  traceLog.entries.value.map(({ nth, at, event, status, retryAt, reason, error }): Happening => {
    // What went wrong before is still known while the next attempt is made, but is not why it is made.
    const told = status === 'connecting' ? [] : [reason && `Reason: ${reason}.`, error?.message]
    const wait = retryAt === undefined ? [] : [`Next try ${formatSeconds(retryAt - at)} later.`]
    const why = [...told, ...wait].filter((one) => one !== undefined).join(' ')
    return { id: `transition ${nth}`, at, kind: 'transition', what: event, why, status }
  }),
)

/** All that happened to the lab's stream, the newest first. */
export const timeline: ReadonlySignal<readonly Happening[]> = computed(() =>
  [...notes.value, ...transitions.value]
    .toSorted((a, b) => a.at - b.at)
    .slice(-KEPT)
    .toReversed(),
)

export function clearTimeline(): void {
  notes.value = []
  traceLog.clear()
}
