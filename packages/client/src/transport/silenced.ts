import type { TransportSink } from './transport.ts'

type Tell = (one: never, two: never, three: never) => void

/** A sink that hears nothing any more once it is `over`, whatever is still told. */
export function silenced(sink: TransportSink, over: () => boolean): TransportSink {
  const told = Object.entries(sink).map(([name, tell]: [string, Tell]) => [
    name,
    // As many as any of them takes: to gather them costs an array at each chunk.
    (one: never, two: never, three: never) => {
      if (!over()) tell(one, two, three)
    },
  ])
  return Object.fromEntries(told) as TransportSink
}
