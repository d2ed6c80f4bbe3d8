/** @jsxImportSource solid-js */
import { For } from 'solid-js'
import { render } from 'solid-js/web'
import type { Market, Part } from '../market.ts'
import { useStore } from '../../docs/solid/use-store.ts'

function ShownPart(props: { part: Part; market: Market }) {
  const value = useStore(props.part.store)
  return <output>{props.market.rendered(props.part, value() ?? '–')}</output>
}

export function mountPage(target: HTMLElement, market: Market): () => void {
  return render(
    () => <For each={market.parts}>{(part) => <ShownPart part={part} market={market} />}</For>,
    target,
  )
}
