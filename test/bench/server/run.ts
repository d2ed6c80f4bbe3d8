import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Load, Outcome } from './client.ts'
import type { Ports } from './host.ts'
import type { VariantName } from './variants.ts'

/** A server under a load. */
export interface Run {
  readonly variant: VariantName
  readonly load: Load
  /** The folder for a profile of the server; none is made without. */
  readonly profile?: string | undefined
}

/** Runs a load against a server, each in a process of its own; throws if an event was lost or came out of order. */
export async function run({ variant, load, profile }: Run): Promise<Outcome> {
  const profiling = profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`] : []
  const host = start('host.ts', [variant, String(load.size)], ['--expose-gc', ...profiling])
  try {
    const ports = await told<Ports>(host)
    const client = start('client.ts', [JSON.stringify({ ports, load })], [])
    try {
      return await told<Outcome>(client)
    } finally {
      client.kill()
    }
  } finally {
    host.disconnect()
    await once(host, 'exit')
  }
}

function start(file: string, args: readonly string[], flags: readonly string[]): ChildProcess {
  const execArgv = ['--conditions=millrace-source', '--no-warnings', ...flags]
  return fork(new URL(file, import.meta.url), args, { execArgv })
}

async function told<Message>(child: ChildProcess): Promise<Message> {
  const gone = once(child, 'exit').then(([code]) => {
    throw new Error(`Cannot measure: a process of the bench has ended by itself (${String(code)}).`)
  })
  const [message] = (await Promise.race([once(child, 'message'), gone])) as [Message]
  gone.catch(() => {})
  return message
}
