import type { RawEvent, Transport, TransportRequest, TransportSink } from 'millrace'

export type Message = readonly [type: string, data: string, id?: string]

/** A transport whose server does what the test says, in the very turn. */
export interface ScriptedServer {
  readonly transport: Transport
  /** The requests so far. */
  readonly requests: readonly TransportRequest[]
  /** How many are open. */
  readonly open: () => number
  /** Sends one chunk to everyone. */
  readonly send: (...messages: Message[]) => void
  /** Ends every request so. */
  readonly close: TransportSink['close']
}

export function scriptedServer(): ScriptedServer {
  const requests: TransportRequest[] = []
  const sinks = new Set<TransportSink>()
  const transport: Transport = {
    hearsEveryType: true,
    connect: (request, sink) => {
      requests.push(request)
      sinks.add(sink)
      queueMicrotask(() => {
        if (sinks.has(sink)) sink.open()
      })
      return { close: () => void sinks.delete(sink), listen: () => {} }
    },
  }
  return {
    transport,
    requests,
    open: () => sinks.size,
    send: (...messages) => {
      const events = messages.map(([type, data, id]): RawEvent => ({
        type,
        data,
        lastEventId: id ?? '',
        id,
      }))
      for (const sink of sinks) sink.receive(events, events.at(-1)?.lastEventId ?? '')
    },
    close: (outcome) => {
      for (const sink of sinks) {
        sinks.delete(sink)
        sink.close(outcome)
      }
    },
  }
}
