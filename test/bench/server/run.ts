import { once } from 'node:events'
import { profiling, startChild, told } from '../child.ts'
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
  const host = await startChild(new URL('host.ts', import.meta.url), {
    args: [variant, String(load.size)],
    flags: ['--expose-gc', ...profiling(profile)],
  })
  try {
    const ports = await told<Ports>(host)
    const client = await startChild(new URL('client.ts', import.meta.url), {
      args: [JSON.stringify({ ports, load })],
    })
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
