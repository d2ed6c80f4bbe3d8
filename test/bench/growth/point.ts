import { createPool, multiplex, type RawEvent, type Stream, type Transport } from 'millrace'

/** What grows. */
export type Sweep = 'rate' | 'types' | 'components' | 'channels' | 'history'

/** One size of what grows, and how much is read at it. */
export interface Point {
  readonly sweep: Sweep
  readonly size: number
  readonly events: number
}

/** How often they are read while it is measured: some kernels tell a thread's time in steps of four milliseconds. */
const PASSES = 10

/** Events of a turn, where the rate does not grow. */
const TURN = 100

/** A feed under a load: what has to be heard, and what was. */
interface Load {
  readonly turns: readonly (readonly RawEvent[])[]
  /** How many of these events were heard since. */
  readonly heard: () => number
  readonly expected: number
}

/** The sink of the connection that is open now. */
let deliver: (events: readonly RawEvent[]) => void = () => {}

// Bytes are another bench's subject: this one hands over events as a transport does.
const transport: Transport = {
  hearsEveryType: true,
  connect: (_, sink) => {
    queueMicrotask(() => {
      deliver = (events) => {
        sink.active(80 * events.length, false)
        sink.receive(events, events.at(-1)?.lastEventId ?? '')
      }
      sink.open()
    })
    return { close: () => {}, listen: () => {} }
  },
}

/** Reads them, and returns the nanoseconds of processor time of each; rejects where one was not heard. */
export async function measurePoint(point: Point): Promise<number> {
  const { turns, heard, expected } = loads[point.sweep](point)
  // What opens, opens: a connection a microtask later, a swap another one.
  for (let turn = 0; turn < 10; turn += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await new Promise((resolve) => setImmediate(resolve))
  }
  const once = (): void => {
    for (const events of turns) deliver(events)
  }
  once()
  once()
  const before = heard()
  const start = process.threadCpuUsage()
  for (let pass = 0; pass < PASSES; pass += 1) once()
  const { user, system } = process.threadCpuUsage(start)
  const more = heard() - before
  if (more !== PASSES * expected) {
    throw new Error(`Cannot go on: heard ${more} of ${PASSES * expected} (${point.sweep}).`)
  }
  return ((user + system) * 1_000) / (PASSES * point.events)
}

const loads: Readonly<Record<Sweep, (point: Point) => Load>> = {
  // Events of one turn of the event loop: at a thousand turns a second, a thousand times as many a second.
  rate: ({ size, events }) => {
    const { stream, heard, hear } = streamOf()
    stream.on('tick', hear)
    return { turns: turnsOf(events, size, () => ['tick', undefined]), heard, expected: events }
  },

  // Each type has one reader.
  types: ({ size, events }) => {
    const { stream, heard, hear } = streamOf()
    for (let at = 0; at < size; at += 1) stream.on(`type-${at}`, hear)
    const turns = turnsOf(events, TURN, (n) => [`type-${n % size}`, undefined])
    return { turns, heard, expected: events }
  },

  // One reads what comes; all the others read something else of the same stream.
  components: ({ size, events }) => {
    const { stream, heard, hear } = streamOf()
    stream.latest('tick').subscribe((event) => event !== undefined && hear())
    for (let at = 0; at < size; at += 1) stream.latest('other').subscribe(() => {})
    for (let at = 0; at < size; at += 1) stream.latest(`other-${at}`).subscribe(() => {})
    const turns = turnsOf(events, TURN, () => ['tick', undefined])
    return { turns, heard, expected: turns.length }
  },

  // Each channel has one reader, and all share a connection.
  channels: ({ size, events }) => {
    const { stream, heard, hear } = streamOf()
    for (let at = 0; at < size; at += 1) stream.channel(String(at)).on('tick', hear)
    const turns = turnsOf(events, TURN, (n) => ['tick', `${n % size}@${n}`])
    return { turns, heard, expected: events }
  },

  // The last so many are kept; they are looked at once at the end of each turn of a thousand.
  history: ({ size, events }) => {
    const { stream } = streamOf()
    let heard = 0
    let last = -1
    stream.history('tick', { limit: size }).subscribe((kept) => {
      const newest = Number(kept.at(-1)?.data ?? -1)
      // Each event of the fixture carries its number, and the numbers start anew with each pass.
      heard += newest > last ? newest - last : newest + 1
      last = newest
    })
    const turns = turnsOf(events, 1_000, () => ['tick', undefined])
    return { turns, heard: () => heard, expected: events }
  },
}

function streamOf(): {
  readonly stream: Stream
  readonly heard: () => number
  readonly hear: () => void
} {
  let heard = 0
  // A thousand of them have to go into one URL.
  const channels = multiplex({ param: 'c' })
  return {
    stream: createPool().stream('http://bench/events', { transport, channels }),
    heard: () => heard,
    hear: () => {
      heard += 1
    },
  }
}

/** Events in turns of so many; each says of which type it is, and which id of its own it has. */
function turnsOf(
  events: number,
  size: number,
  of: (n: number) => readonly [type: string, id: string | undefined],
): readonly (readonly RawEvent[])[] {
  const made = Array.from({ length: events }, (_, n): RawEvent => {
    const [type, id] = of(n)
    return { type, data: String(n), lastEventId: id ?? '', id }
  })
  const turns: RawEvent[][] = []
  for (let at = 0; at < events; at += size) turns.push(made.slice(at, at + size))
  return turns
}
