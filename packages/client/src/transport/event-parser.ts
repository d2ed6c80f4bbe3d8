import { createParser, type EventSourceMessage } from 'eventsource-parser'
import { eventBound } from './event-bound.ts'

export interface EventParserOptions {
  /** The largest event that is read: the characters of its lines, without line ends and comments. */
  readonly maxEventSize: number | undefined
  readonly onEvent: (event: EventSourceMessage) => void
  /** Comes before the event that has it. */
  readonly onId: (id: string) => void
  readonly onRetry: (delay: number) => void
  readonly onComment: () => void
  /** The event under way is too large, and will be left out; its size so far. */
  readonly onExcess: (size: number) => void
}

export interface EventParser {
  /** Takes the next piece of a decoded stream, its byte order mark and all. */
  readonly feed: (text: string) => void
}

const DEFAULT_MAX_EVENT_SIZE = 1_048_576

/** So many texts are remembered uncounted. */
const MANY = 1_000

/**
 * `eventsource-parser`, with a bound to what it holds. Its own bound ends the stream; this one leaves out the event.
 *
 * Counting lines would cost as much as parsing them. So nobody counts while all the text since an event was last
 * dispatched is less than the largest event; only where it is more, and where it is still more without what came
 * before a blank line, it is gone through once again, line by line.
 */
export function createEventParser(options: EventParserOptions): EventParser {
  const { maxEventSize = DEFAULT_MAX_EVENT_SIZE, onEvent, onExcess, ...others } = options
  const bound = eventBound(maxEventSize, onExcess)
  let dispatched = false
  const parser = createParser({
    ...others,
    onEvent: (event) => {
      dispatched = true
      if (!bound.exceeded()) onEvent(event)
    },
  })
  const feed = (text: string) => parser.feed(text)
  // It would take for a byte order mark what only looks like one undecoded: give it the beginning of a stream.
  feed('\n')

  let begun = false
  let uncounted: string[] = []
  let most = 0

  /** Of a long text, hardly anything is of the event under way. */
  function forgetEnded(): void {
    const [first = '', ...others] = uncounted
    const blank = Math.max(first.lastIndexOf('\n\n'), first.lastIndexOf('\r\n\r\n'))
    if (blank <= 0) return
    // The blank line stays, so that whoever counts sees where an event begins.
    uncounted = [first.slice(blank), ...others]
    most -= blank
  }

  function feedWhole(text: string): void {
    dispatched = false
    feed(text)
    if (dispatched) {
      // An event ended in this text, and the one under way began in it: what was before need not be counted any more.
      uncounted = []
      most = 0
    }
    uncounted.push(text)
    most += text.length
  }

  function feedCounted(text: string): void {
    for (const earlier of uncounted) bound.admit(earlier, () => {})
    uncounted = []
    bound.admit(text, feed)
    most = bound.held()
  }

  return {
    feed: (piece) => {
      const text = begun ? piece : piece.replace(/^\uFEFF/, '')
      begun ||= piece !== ''
      const exceeds = () => most + text.length > maxEventSize || uncounted.length === MANY
      if (exceeds()) forgetEnded()
      if (exceeds()) feedCounted(text)
      else feedWhole(text)
    },
  }
}
