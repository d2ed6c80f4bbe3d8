import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import type { NetConnectOpts, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A way to Redis that breaks when and where it is told to. */
export interface Passage {
  readonly url: string
  /** Breaks every connection, and lets nobody through until `mend`. */
  readonly cut: () => void
  readonly mend: () => void
  /** Redis gets the next append, and its answer is lost with the connection; resolves when that has happened. */
  readonly loseAnswer: () => Promise<void>
  /** The next append stays on its way while its connection breaks; resolves to what lets it arrive at last. */
  readonly holdAppend: () => Promise<() => Promise<void>>
  readonly close: () => Promise<void>
}

interface Trap {
  readonly kind: 'answer' | 'append'
  readonly sprung: (arrive: () => Promise<void>) => void
}

/** Opens a passage to the Redis at a URL. */
export async function openPassage(url: string): Promise<Passage> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-passage-'))
  const path = join(folder, 'socket')
  const sockets = new Set<Socket>()
  let open = true
  let trap: Trap | undefined

  const server = createServer((near) => {
    const far = connect(addressOf(url))
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    }
    if (!open) {
      near.destroy()
      far.destroy()
      return
    }
    far.on('close', () => near.destroy())
    const leave = (): void => void far.destroy()
    near.on('close', leave)
    far.on('data', (bytes) => near.write(bytes))
    near.on('data', (bytes) => {
      const sprung = trap
      if (!sprung || !bytes.includes('"channels"')) {
        far.write(bytes)
        return
      }
      trap = undefined
      far.removeAllListeners('data')
      const arrive = async (): Promise<void> => {
        far.write(bytes)
        await once(far, 'data')
        far.destroy()
      }
      if (sprung.kind === 'append') {
        near.off('close', leave)
        near.destroy()
        sprung.sprung(arrive)
      } else {
        void arrive().then(() => sprung.sprung(arrive))
      }
    })
  })
  server.listen(path)
  await once(server, 'listening')
  const spring = (kind: Trap['kind']): Promise<() => Promise<void>> =>
    new Promise((sprung) => (trap = { kind, sprung }))
  const cut = (): void => {
    open = false
    for (const socket of sockets) socket.destroy()
  }
  return {
    url: `unix://${path}`,
    cut,
    mend: () => (open = true),
    loseAnswer: async () => void (await spring('answer')),
    holdAppend: () => spring('append'),
    close: async () => {
      cut()
      server.close()
      await once(server, 'close')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function addressOf(url: string): NetConnectOpts {
  const { protocol, hostname, port, pathname } = new URL(url)
  return protocol === 'unix:' ? { path: pathname } : { host: hostname, port: Number(port || 6379) }
}
