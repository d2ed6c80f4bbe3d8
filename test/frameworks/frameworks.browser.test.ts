import { h, render } from 'preact'
import { act } from 'preact/test-utils'
import { mount, unmount } from 'svelte'
import { expect, test } from 'vitest'
import { frameworkFacts } from './framework-facts.ts'
import { mountPage as mountPreact, SignalPart, ValuePart } from './preact/page.tsx'
import { mountPage as mountSolid } from './solid/page.tsx'
import Page from './svelte/page.svelte'
import RunePart from './svelte/rune-part.svelte'
import StorePart from './svelte/store-part.svelte'
import { mountPage as mountVanilla } from './vanilla/page.ts'
import { mountPage as mountVue } from './vue/page.ts'

for (const [name, Part] of [
  ['Svelte with $store', StorePart],
  ['Svelte with runes', RunePart],
] as const) {
  frameworkFacts({
    name,
    mount: (target, market) => {
      const page = mount(Page, { target, props: { market, Part } })
      return () => void unmount(page)
    },
  })
}

frameworkFacts({
  name: 'Preact, a store as text',
  mount: (target, market) => mountPreact(target, market, SignalPart),
  rendersPerChange: 0,
})

frameworkFacts({
  name: 'Preact, the value of a store',
  mount: (target, market) => mountPreact(target, market, ValuePart),
})

frameworkFacts({ name: 'Vue', mount: mountVue })
frameworkFacts({ name: 'Solid', mount: mountSolid })
frameworkFacts({ name: 'no framework', mount: mountVanilla })

test('Preact shows no signal of another copy of signals-core, and follows none', async () => {
  const { default: source } = await import('@preact/signals-core?raw')
  const copy = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }))
  const another = (await import(/* @vite-ignore */ copy)) as typeof import('@preact/signals')
  const store = another.signal(41)
  const Value = () => h('output', null, store.value)
  const target = document.createElement('main')
  await act(() => render([h('output', null, store), h(Value, null)], target))
  await act(() => void (store.value = 42))
  expect([...target.children].map(({ textContent }) => textContent)).toEqual(['', '41'])
})
