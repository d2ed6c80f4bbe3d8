import { createPlayground } from './server/app.ts'
import { listen } from './server/listen.ts'

const host = process.env['HOST'] ?? '127.0.0.1'
const playground = await createPlayground()
const port = await listen(playground.server, { port: Number(process.env['PORT'] ?? 5173), host })

const name = host === '127.0.0.1' || host === '0.0.0.0' ? 'localhost' : host
console.log(`Millrace playground: http://${name}:${port}`)

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void playground.close())
}
