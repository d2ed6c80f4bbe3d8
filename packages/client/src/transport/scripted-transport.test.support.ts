import type { RawEvent } from '../event.ts'
import type { Transport, TransportRequest, TransportSink } from './transport.ts'

/** One attempt that was made, and the means to say what the server does. */
export interface ScriptedAttempt {
  readonly request: TransportRequest
  readonly sink: TransportSink
  readonly types: Set<string>
  closed: boolean
  /** Sends one chunk: pairs of type and data; an id with `data@id`. */
  readonly send: (...events: (readonly [type: string, data: string, id?: string])[]) => void
}

/** A transport that does nothing by itself, and keeps every attempt. */
export function scriptedTransport({ hearsEveryType = true } = {}): Transport & {
  readonly attempts: ScriptedAttempt[]
  readonly last: () => ScriptedAttempt
} {
  const attempts: ScriptedAttempt[] = []
  return {
    attempts,
    last: () => {
      const attempt = attempts.at(-1)
      if (attempt === undefined) throw new Error('No attempt was made.')
      return attempt
    },
    hearsEveryType,
    connect: (request, sink, types) => {
      const attempt = attemptOf(request, sink, types)
      attempts.push(attempt)
      return {
        close: () => {
          attempt.closed = true
        },
        listen: (wanted) => {
          for (const type of wanted) attempt.types.add(type)
        },
      }
    },
  }
}

function attemptOf(
  request: TransportRequest,
  sink: TransportSink,
  types: Iterable<string>,
): ScriptedAttempt {
  let { lastEventId } = request
  return {
    request,
    sink,
    types: new Set(types),
    closed: false,
    send: (...events) => {
      const raw = events.map(([type, data, id]): RawEvent => {
        lastEventId = id ?? lastEventId
        return { type, data, lastEventId, id }
      })
      sink.receive(raw, lastEventId)
    },
  }
}
