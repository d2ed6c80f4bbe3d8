import type { RawEvent } from '../event.ts'
import { createEventParser } from './event-parser.ts'
import type { TransportSink } from './transport.ts'

export interface ChunkReaderOptions {
  /** The cursor that the stream was asked for with. */
  readonly lastEventId: string
  readonly maxEventSize: number | undefined
  readonly sink: Pick<TransportSink, 'active' | 'receive' | 'retry' | 'skipped' | 'together'>
  /** Whether the sink is to hear nothing more. */
  readonly over: () => boolean
}

/**
 * Browsers have chunks of megabytes. Their events would all live until the last of them is parsed, and collecting them
 * cost as much as reading them: so many characters are told of at a time, and what they bring is still committed together.
 */
const PIECE = 65_536

/** Reads a stream chunk by chunk, and tells of each: that it came, then all its events at once. */
export function chunkReader(options: ChunkReaderOptions): (chunk: Uint8Array) => void {
  const { maxEventSize, sink, over } = options
  // It is to leave the byte order mark: Node's decoder takes away a second one, where the first came in two chunks.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  let { lastEventId } = options
  let bytes = 0
  let comments = false
  let moved = false
  let events: RawEvent[] = []

  function tell(): void {
    if (over()) return
    if (bytes > 0 || comments) sink.active(bytes, comments)
    bytes = 0
    comments = false
    if ((!moved && events.length === 0) || over()) return
    const taken = events
    events = []
    moved = false
    sink.receive(taken, lastEventId)
  }

  const parser = createEventParser({
    maxEventSize,
    onComment: () => {
      comments = true
    },
    onId: (id) => {
      lastEventId = id
      moved = true
    },
    onEvent: ({ event, data, id }) => {
      events.push({ type: event ?? 'message', data, lastEventId, id })
    },
    onRetry: (delay) => {
      // Digits without end are a number without end.
      if (!over()) sink.retry(Math.min(delay, Number.MAX_SAFE_INTEGER))
    },
    onExcess: (size) => {
      // In its place among the others, so that whoever counts them knows where one is missing.
      tell()
      if (!over()) sink.skipped(size)
    },
  })

  function feed(piece: string): void {
    parser.feed(piece)
    tell()
  }

  return (chunk) => {
    const text = decoder.decode(chunk, { stream: true })
    bytes = chunk.byteLength
    if (text.length <= PIECE) return feed(text)
    const feedAll = () => {
      for (let at = 0; at < text.length; at += PIECE) feed(text.slice(at, at + PIECE))
    }
    if (sink.together === undefined) feedAll()
    else sink.together(feedAll)
  }
}
