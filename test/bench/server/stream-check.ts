import { dataOf, PREAMBLE, wireOf } from './fixture.ts'

/** Checks what one connection is sent: every message once, in order. */
export interface StreamCheck {
  /** Whole messages so far. */
  readonly received: number
  /** Takes the next bytes of the event stream; throws at the first that is wrong. */
  readonly feed: (bytes: Buffer, start: number, end: number) => void
}

/** The stream as it has to be, made once for all connections. */
export interface Expectation {
  readonly bytes: Buffer
  readonly size: number
}

/** All that a connection may be sent, byte for byte. */
export function expectExactly(messages: number, size: number): Expectation {
  const texts = Array.from({ length: messages }, (_, sequence) => wireOf(sequence, size))
  return { bytes: Buffer.from(PREAMBLE + texts.join('')), size }
}

/** Compares every byte: cheap enough to keep up with millions of messages a second. */
export function checkBytes({ bytes: expected, size }: Expectation): StreamCheck {
  const stride = wireOf(0, size).length
  let at = 0
  return {
    get received() {
      return Math.max(0, Math.floor((at - PREAMBLE.length) / stride))
    },
    feed: (bytes, start, end) => {
      if (bytes.compare(expected, at, at + end - start, start, end) !== 0) {
        const got = bytes.toString('latin1', start, Math.min(end, start + 200))
        throw new Error(`Cannot go on: wrong bytes at ${at}: ${JSON.stringify(got)}`)
      }
      at += end - start
    },
  }
}

/** Reads line by line: for servers that add fields of their own, and quote data. */
export function checkLines(size: number): StreamCheck {
  let received = 0
  let rest = ''
  return {
    get received() {
      return received
    },
    feed: (bytes, start, end) => {
      const lines = (rest + bytes.toString('latin1', start, end)).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        if (!line.startsWith('data:')) continue
        if (!line.includes(dataOf(received, size))) {
          throw new Error(`Cannot go on: message ${received} is not next: ${JSON.stringify(line)}`)
        }
        received += 1
      }
    },
  }
}
