import type { ChildProcess } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'

/** Calls a method of the DevTools protocol. */
export type Call = (
  method: string,
  parameters?: Readonly<Record<string, unknown>>,
  sessionId?: string,
) => Promise<unknown>

interface Answer {
  readonly id?: number
  readonly result?: unknown
  readonly error?: { readonly message: string }
}

/**
 * The DevTools protocol, bare, over `--remote-debugging-pipe`: file 3 in, file 4 out, a NUL behind each message.
 *
 * A driver that enables the protocol's Network domain makes a native `EventSource` cost several times as much.
 */
export function devtoolsOf(browser: ChildProcess): Call {
  const input = browser.stdio[3] as Writable
  const output = browser.stdio[4] as Readable
  const calls = new Map<number, (answer: Answer) => void>()
  let last = 0
  let rest = ''

  output.setEncoding('utf8').on('data', (text: string) => {
    const messages = (rest + text).split('\0')
    rest = messages.pop() ?? ''
    for (const message of messages) {
      const answer = JSON.parse(message) as Answer
      if (answer.id === undefined) continue
      calls.get(answer.id)?.(answer)
      calls.delete(answer.id)
    }
  })
  browser.once('exit', () => {
    for (const answer of calls.values()) answer({ error: { message: 'the browser is gone' } })
  })

  return (method, parameters = {}, sessionId?) => {
    const id = (last += 1)
    input.write(`${JSON.stringify({ id, method, params: parameters, sessionId })}\0`)
    return new Promise((resolve, reject) => {
      calls.set(id, ({ result, error }) => {
        if (error === undefined) resolve(result)
        else reject(new Error(`Cannot ${method}: ${error.message}.`))
      })
    })
  }
}
