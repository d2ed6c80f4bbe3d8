import type { TransportSink } from './transport.ts'

/** A sink that hears nothing any more once it is `over`, whatever is still told. */
export function silenced(sink: TransportSink, over: () => boolean): TransportSink {
  const told = Object.entries(sink).map(([name, tell]: [string, (...about: never[]) => void]) => [
    name,
    (...about: never[]) => {
      if (!over()) tell(...about)
    },
  ])
  return Object.fromEntries(told) as TransportSink
}
