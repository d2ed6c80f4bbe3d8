// vanilla/quote.ts
import { effect } from '@preact/signals-core'
import { price, trades, volume } from '../trades.ts'

export function showQuote(output: HTMLElement): () => void {
  return effect(() => {
    output.textContent = `${price.value ?? '–'}, ${volume.value} traded, ${trades.status.value}`
  })
}

export function listTrades(list: HTMLElement, signal: AbortSignal): void {
  trades.on('tick', ({ data }) => addLine(list, `${data.size} at ${data.price}`), { signal })
}

function addLine(list: HTMLElement, text: string): void {
  list.prepend(Object.assign(document.createElement('li'), { textContent: text }))
}
