import { computed, effect } from '@preact/signals-core'
import { tickers } from '../../wire/catalogue.ts'
import { market } from './market-stream.ts'
import { snapshot } from './snapshot.ts'

const opening: ReadonlyMap<string, number> = new Map(
  tickers.map((ticker) => [ticker, snapshot.quotes[ticker].change]),
)

/** How every symbol stands against its opening price. */
const changes = market.reduce(
  '*',
  (all, { data }) =>
    typeof data === 'object' && 'symbol' in data ? new Map(all).set(data.symbol, data.change) : all,
  opening,
)

const rising = computed(() => [...changes.value.values()].filter((change) => change > 0).length)
const falling = computed(() => [...changes.value.values()].filter((change) => change < 0).length)

/** How many prices stand above and below their opening: elements, written by effects on signals. */
export function mountBreadth(target: HTMLElement): () => void {
  const bar = document.createElement('div')
  bar.className = 'breadth'
  bar.ariaHidden = 'true'
  const [up, down] = [side('up'), side('down')]
  const sides = document.createElement('p')
  sides.className = 'sides'
  sides.append(up, down)
  target.replaceChildren(bar, sides)

  const stop = effect(() => {
    up.textContent = `${rising.value} rising`
    down.textContent = `${falling.value} falling`
    bar.style.setProperty('--rising', String(rising.value))
    bar.style.setProperty('--falling', String(falling.value))
  })
  return () => {
    stop()
    target.replaceChildren()
  }
}

function side(trend: 'up' | 'down'): HTMLElement {
  const element = document.createElement('span')
  element.dataset['trend'] = trend
  return element
}
