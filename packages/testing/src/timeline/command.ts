import { parseArgs } from 'node:util'
import { record } from './record.ts'
import type { RecordOptions } from './record.ts'
import { formatCue } from './recording.ts'
import type { RecordedCue } from './recording.ts'

const USAGE = `millrace-record URL [options] > prices.sse

Writes a live event stream to the standard output, as a fixture for events.play(): the stream itself, and before each
event a comment with the milliseconds since it began. Ctrl-C ends it.

  -H, --header 'NAME: VALUE'   a header of the request; may be repeated
  -X, --method METHOD          the method; GET without it, POST with --data
  -d, --data TEXT              the body of the request
  -n, --events COUNT           stops after so many events
      --ms MILLISECONDS        stops after so much time
  -h, --help                   says this
`

interface Command {
  readonly url: string
  readonly options: RecordOptions
}

/** What is asked for; `undefined` where that is help. */
function readCommand(args: readonly string[]): Command | undefined {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      header: { type: 'string', short: 'H', multiple: true, default: [] },
      method: { type: 'string', short: 'X' },
      data: { type: 'string', short: 'd' },
      events: { type: 'string', short: 'n' },
      ms: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return undefined
  const [url, ...more] = positionals
  if (url === undefined || more.length > 0 || !URL.canParse(url)) {
    throw new Error(
      `Cannot record: "${positionals.join(' ')}" is not one address. Give one, http:// and all.`,
    )
  }
  const method = values.method ?? (values.data === undefined ? 'GET' : 'POST')
  return {
    url,
    options: {
      headers: values.header.map(headerOf),
      method,
      ...(values.data !== undefined && { body: values.data }),
      ...(values.events !== undefined && { events: countOf('--events', values.events) }),
      ...(values.ms !== undefined && { duration: countOf('--ms', values.ms) }),
    },
  }
}

function headerOf(line: string): [string, string] {
  const [, name, value] = /^([^:\s]+)\s*:\s*(.*)$/.exec(line) ?? []
  if (name !== undefined && value !== undefined) return [name, value]
  throw new Error(`Cannot send the header "${line}": it has no name. Give it as 'NAME: VALUE'.`)
}

function countOf(name: string, text: string): number {
  const count = Number(text)
  if (Number.isSafeInteger(count) && count > 0) return count
  throw new Error(`Cannot stop by ${name} ${text}: it is no whole number from 1 up. Give one.`)
}

// Node says why only in the cause of what it throws.
const reaching =
  (url: string): typeof fetch =>
  async (_, init) => {
    try {
      return await fetch(url, init)
    } catch (error) {
      const { cause, message } = error as Error & { readonly cause?: NodeJS.ErrnoException }
      const why = [cause?.message, cause?.code, message].find(Boolean)
      throw new Error(`Cannot record ${url}: it cannot be reached (${why}).`, { cause: error })
    }
  }

/** Where a command is run. */
export interface Terminal {
  readonly write: (text: string) => void
  readonly complain: (text: string) => void
  /** Ends it well. */
  readonly stop: AbortSignal
}

/** Does what `millrace-record` is asked for; gives its exit code. */
export async function runCommand(
  args: readonly string[],
  { write, complain, stop }: Terminal,
): Promise<0 | 1> {
  try {
    const command = readCommand(args)
    if (command) {
      const onCue = (cue: RecordedCue): void => write(formatCue(cue))
      const { url, options } = command
      await record(url, { ...options, signal: stop, onCue, fetch: reaching(url) })
    } else {
      write(USAGE)
    }
    return 0
  } catch (error) {
    // What is stopped before its head has come was stopped as it was told to.
    if (stop.aborted) return 0
    complain(`${error instanceof Error ? error.message : String(error)}\n`)
    return 1
  }
}
