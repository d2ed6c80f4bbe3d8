import type { RawEvent } from '../event.ts'
import { createEventParser } from './event-parser.ts'
import type { TransportSink } from './transport.ts'

export interface ChunkReaderOptions {
  /** The cursor that the stream was asked for with. */
  readonly lastEventId: string
  readonly maxEventSize: number | undefined
  readonly sink: Pick<TransportSink, 'active' | 'receive' | 'retry' | 'skipped' | 'together'>
}

/**
 * Browsers have chunks of megabytes. Their events would all live until the last of them is parsed, and collecting them
 * cost as much as reading them: so many characters are told of at a time, and what they bring is still committed together.
 */
const PIECE = 65_536

/** Reads a stream chunk by chunk, and tells of each: that it came, then all its events at once. */
export function chunkReader(options: ChunkReaderOptions): (chunk: Uint8Array) => void {
  const { maxEventSize, sink } = options
  // It is to leave the byte order mark: Node's decoder takes away a second one, where the first came in two chunks.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  let { lastEventId } = options
  let moved = false
  let comments = false
  let events: RawEvent[] = []
  let gaps: (() => void)[] = []

  function take(): () => void {
    const [taken, id, news] = [events, lastEventId, moved || events.length > 0]
    events = []
    moved = false
    return () => {
      if (news) sink.receive(taken, id)
    }
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
      sink.retry(Math.min(delay, Number.MAX_SAFE_INTEGER))
    },
    onExcess: (size) => {
      // In its place among the others, so that whoever counts them knows where one is missing.
      const receive = take()
      gaps.push(() => {
        receive()
        sink.skipped(size)
      })
    },
  })

  function feed(piece: string, bytes: number): void {
    comments = false
    gaps = []
    parser.feed(piece)
    const receive = take()
    sink.active(bytes, comments)
    for (const tell of gaps) tell()
    receive()
  }

  return (chunk) => {
    const text = decoder.decode(chunk, { stream: true })
    const feedAll = () => {
      feed(text.slice(0, PIECE), chunk.byteLength)
      for (let at = PIECE; at < text.length; at += PIECE) feed(text.slice(at, at + PIECE), 0)
    }
    if (sink.together !== undefined && text.length > PIECE) sink.together(feedAll)
    else feedAll()
  }
}
