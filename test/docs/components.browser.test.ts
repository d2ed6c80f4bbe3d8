import { fakeEventServer, manualClock } from '@millrace/testing/react'
import { createPool, setDefaultPool } from 'millrace'
import { h, render as renderPreact } from 'preact'
import { createElement } from 'react'
import { createRoot } from 'react-dom/client'
import { createComponent } from 'solid-js'
import { render as renderSolid } from 'solid-js/web'
import { mount as mountSvelte, unmount as unmountSvelte, type Component } from 'svelte'
import { expect, test } from 'vitest'
import { createApp } from 'vue'
import { Quote as PreactQuote } from './preact/quote.tsx'
import PriceInSvelte from './price.svelte'
import { Price } from './price.tsx'
import { Quote as ReactQuote } from './react/quote.tsx'
import { Quote as SolidQuote } from './solid/quote.tsx'
import SvelteQuote from './svelte/quote.svelte'
import SvelteRunes from './svelte/runes.svelte'
import { listTrades, showQuote } from './vanilla/quote.ts'
import VueQuote from './vue/quote.vue'

const events = fakeEventServer('/events')
const clock = manualClock()
setDefaultPool(createPool({ fetch: events.fetch, clock }))

/** Shows a component in an element; the result takes it away. */
type Show = (target: HTMLElement) => () => void

const inReact =
  (component: () => React.ReactNode): Show =>
  (target) => {
    const root = createRoot(target)
    root.render(createElement(component))
    return () => root.unmount()
  }

const inSvelte =
  (component: Component): Show =>
  (target) => {
    const mounted = mountSvelte(component, { target })
    return () => void unmountSvelte(mounted)
  }

const quotes: readonly Show[] = [
  inReact(ReactQuote),
  inSvelte(SvelteQuote),
  inSvelte(SvelteRunes),
  (target) => {
    renderPreact(h(PreactQuote, null), target)
    return () => renderPreact(null, target)
  },
  (target) => {
    const app = createApp(VueQuote)
    app.mount(target)
    return () => app.unmount()
  },
  (target) => renderSolid(() => createComponent(SolidQuote, {}), target),
  (target) => showQuote(target.appendChild(document.createElement('output'))),
]

function show(shows: readonly Show[]): { shown: () => (string | null)[]; close: () => void } {
  const page = document.body.appendChild(document.createElement('main'))
  const stops = shows.map((one) => one(page.appendChild(document.createElement('div'))))
  return {
    shown: () => [...page.querySelectorAll('output')].map(({ textContent }) => textContent),
    close: () => {
      for (const stop of stops) stop()
      page.remove()
    },
  }
}

const requests = () => events.log.filter(({ kind }) => kind === 'requested').length

test('the components of the documentation show the same, in every framework, on one connection', async () => {
  const { shown, close } = show(quotes)
  const list = document.createElement('ul')
  const listening = new AbortController()
  listTrades(list, listening.signal)
  await events.connected()
  expect(shown()).toEqual(quotes.map(() => '–, 0 traded, open'))
  await events.send({ event: 'tick', data: { price: 41, size: 2 } })
  await events.send({ event: 'tick', data: { price: 42, size: 3 } })
  expect(shown()).toEqual(quotes.map(() => '42, 5 traded, open'))
  expect([...list.children].map(({ textContent }) => textContent)).toEqual(['3 at 42', '2 at 41'])
  expect(requests()).toBe(1)
  listening.abort()
  close()
  await clock.advance(1_000)
  expect(events.clients).toEqual([])
})

test('the components of the README show the newest price, on one connection', async () => {
  const { shown, close } = show([
    (target) => {
      target.append(document.createElement('output'))
      return () => {}
    },
    inReact(Price),
    inSvelte(PriceInSvelte),
  ])
  const before = requests()
  const { stop } = await import('./price.ts')
  await events.connected()
  expect(shown()).toEqual(['–', '–', '–'])
  await events.send({ event: 'tick', data: { price: 41 } })
  await events.send({ event: 'tick', data: { price: 42 } })
  expect(shown()).toEqual(['42', '42', '42'])
  expect(requests()).toBe(before + 1)
  stop()
  close()
  await clock.advance(1_000)
  expect(events.clients).toEqual([])
})
