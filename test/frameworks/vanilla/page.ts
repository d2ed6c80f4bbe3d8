import { effect } from '@preact/signals'
import type { Market, Part } from '../market.ts'

/** The page without a framework: `subscribe` for some of it, `effect` for the rest. */
export function mountPage(target: HTMLElement, { parts, rendered }: Market): () => void {
  const stops = parts.map((part, index) => {
    const output = target.appendChild(document.createElement('output'))
    const show = (value: Part['store']['value']) => {
      output.textContent = rendered(part, `${value ?? '–'}`)
    }
    return index % 2 === 0 ? part.store.subscribe(show) : effect(() => show(part.store.value))
  })
  return () => {
    for (const stop of stops) stop()
    target.replaceChildren()
  }
}
