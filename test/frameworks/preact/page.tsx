/** @jsxImportSource preact */
import { useComputed } from '@preact/signals'
import { render, type ComponentType } from 'preact'
import type { Market, Part } from '../market.ts'

interface PartProps {
  readonly part: Part
  readonly market: Market
}

/** Renders once: the text is a signal of its own. */
export function SignalPart({ part, market }: PartProps) {
  const shown = useComputed(() => part.store.value ?? '–')
  return market.rendered(part, <output>{shown}</output>)
}

/** Renders for each value it reads. */
export function ValuePart({ part, market }: PartProps) {
  return market.rendered(part, <output>{part.store.value ?? '–'}</output>)
}

export function mountPage(
  target: HTMLElement,
  market: Market,
  Shown: ComponentType<PartProps>,
): () => void {
  render(
    market.parts.map((part, index) => <Shown key={index} part={part} market={market} />),
    target,
  )
  return () => render(null, target)
}
