import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createEventServer } from '@millrace/server'
import { serve } from '@millrace/server/node'
import { createServer } from 'vite'
import { expect, onTestFinished, test } from 'vitest'
import { proxy } from './quick-start/proxy.ts'

test('behind the proxy of the page, a server that dies breaks the stream', async () => {
  const events = createEventServer()
  const serving = await serve(events)
  onTestFinished(() => serving.close())
  const vite = await createServer({
    configFile: false,
    root: import.meta.dirname,
    logLevel: 'silent',
    server: {
      host: '127.0.0.1',
      port: 0,
      hmr: false,
      proxy: { '/events': { ...proxy['/events'], target: serving.url } },
    },
  })
  onTestFinished(() => vite.close())
  await vite.listen()
  const { port } = (vite.httpServer as Server).address() as AddressInfo

  const response = await fetch(`http://127.0.0.1:${port}/events`)
  expect(response.headers.get('content-type')).toMatch('text/event-stream')
  const text = response.text()
  serving.server.closeAllConnections()
  await expect(text).rejects.toThrow('terminated')
})
