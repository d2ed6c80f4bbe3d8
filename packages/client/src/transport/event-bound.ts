/** A line, or a part of one, and its end. */
const LINES = /([^\r\n]*)(\r\n?|\n|$)/g

/** How lines begin that are read of an event that is too large as well: comments, `id` and `retry`. */
const SPARED = ':ir'

/**
 * Counts an event's lines, and once they are too much, cuts them off up to the blank line.
 *
 * What a parser makes of the rest is an event that nobody may hear, with the `id` and the `retry` that it had.
 */
export interface EventBound {
  /** Gives `feed` what a parser is to have of the text. */
  readonly admit: (text: string, feed: (piece: string) => void) => void
  /** Whether the event under way is too large: also while the parser has the piece that ends it. */
  readonly exceeded: () => boolean
  /** The most that a parser holds of the event under way, in characters. */
  readonly held: () => number
}

export function eventBound(max: number, onExceeded: (size: number) => void): EventBound {
  let exceeded = false
  let size = 0
  let line = 0
  let begin = ''
  let cut = false
  let afterReturn = false

  function count(part: string): void {
    if (line === 0) {
      begin = part.charAt(0)
      cut = false
    }
    line += part.length
    if (begin !== ':') size += part.length
    if (size <= max || exceeded) return
    exceeded = true
    onExceeded(size)
  }
  return {
    admit: (text, feed) => {
      if (text === '') return
      for (const [, part = '', end = ''] of text.matchAll(LINES)) {
        if (part !== '') {
          count(part)
          const fits = SPARED.includes(begin) ? line <= max : !exceeded
          // NUL, because a parser may have a part of the line: "If the field value does not contain U+0000 NULL,
          // then set the last event ID buffer to the field value. Otherwise, ignore the field."
          if (fits) feed(part)
          else if (!cut) feed('\0')
          cut = !fits
        }
        if (end !== '') {
          feed(end)
          // A line end that came in two pieces is one.
          if (line === 0 && !(afterReturn && end === '\n')) {
            exceeded = false
            size = 0
          }
          line = 0
        }
        afterReturn = false
      }
      afterReturn = text.endsWith('\r')
    },
    exceeded: () => exceeded,
    held: () => size + line,
  }
}
