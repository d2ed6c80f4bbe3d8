// quick-start/proxy.ts
import type { ProxyOptions } from 'vite'

export const proxy: Record<string, ProxyOptions> = {
  '/events': {
    target: 'http://localhost:3000',
    configure: (server) => {
      // When our server dies, so does the page's stream. Left alone, the proxy keeps that open.
      server.on('proxyRes', (stream, _request, response) => {
        stream.on('error', () => response.destroy())
      })
    },
  },
}
