import { once } from 'node:events'
import { startChild, told } from '../child.ts'
import type { Files } from './host.ts'

/** A host that runs. */
export interface Host {
  readonly origin: string
  readonly close: () => Promise<void>
}

/** Starts a process that sends streams, and these files. */
export async function startHost(files: Files = {}): Promise<Host> {
  const host = await startChild(new URL('host.ts', import.meta.url), {})
  host.send(files)
  const origin = await told<string>(host)
  return {
    origin,
    close: async () => {
      host.disconnect()
      await once(host, 'exit')
    },
  }
}
