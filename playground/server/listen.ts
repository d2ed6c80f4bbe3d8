import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Address {
  readonly port: number
  readonly host: string
}

/** Listens at the port, or at the next one that is free; resolves to the one it got. */
export async function listen(server: Server, { port, host }: Address): Promise<number> {
  for (let candidate = port; ; candidate += 1) {
    // oxlint-disable-next-line no-await-in-loop -- a port is tried after the one before it was taken
    if (await isListening(server, { port: candidate, host })) {
      return (server.address() as AddressInfo).port
    }
  }
}

function isListening(server: Server, address: Address): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void => {
      if (error.code === 'EADDRINUSE' && address.port < 65_535) resolve(false)
      else reject(error)
    }
    server.once('error', fail)
    server.listen(address, () => {
      server.off('error', fail)
      resolve(true)
    })
  })
}
