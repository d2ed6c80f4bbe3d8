// servers/express.ts
import express from 'express'
import { EventEmitter } from 'node:events'

export const prices = new EventEmitter<{ price: [number] }>()

export const app = express()
app.get('/prices', (_request, response) => {
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-cache, no-transform',
  })
  response.write(': hello\n\n') // the head goes out: the client is open
  const beat = setInterval(() => response.write(': still here\n\n'), 15_000)
  const send = (price: number): void => {
    response.write(`event: price\ndata: ${JSON.stringify(price)}\n\n`)
  }
  prices.on('price', send)
  response.on('close', () => {
    clearInterval(beat)
    prices.off('price', send)
  })
})
