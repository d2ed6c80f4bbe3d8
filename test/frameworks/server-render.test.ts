import { fakeEventServer, manualClock } from '@millrace/testing'
import { renderToString as renderSolid } from 'solid-js/web'
import { render as renderSvelte } from 'svelte/server'
import { expect, test } from 'vitest'
import { createSSRApp } from 'vue'
import { renderToString as renderVue } from 'vue/server-renderer'
import { useStore } from '../docs/solid/use-store.ts'
import { openMarket, type Market } from './market.ts'
import Page from './svelte/page.svelte'
import RunePart from './svelte/rune-part.svelte'
import StorePart from './svelte/store-part.svelte'
import { Page as VuePage } from './vue/page.ts'

const renderers: readonly [name: string, render: (market: Market) => string | Promise<string>][] = [
  [
    'Svelte with $store',
    (market) => renderSvelte(Page, { props: { market, Part: StorePart } }).body,
  ],
  ['Svelte with runes', (market) => renderSvelte(Page, { props: { market, Part: RunePart } }).body],
  ['Vue', (market) => renderVue(createSSRApp(VuePage, { market }))],
  [
    'Solid',
    ({ parts }) =>
      parts.map(({ store }) => renderSolid(() => String(useStore(store)() ?? '–'))).join('\n'),
  ],
]

test.each(renderers)(
  'a server render of %s gives the initial values and opens nothing',
  async (_, render) => {
    const events = fakeEventServer('/events')
    const clock = manualClock()
    const market = openMarket(events, clock, '/events')
    const html = await render(market)
    expect(html.replaceAll(/<[^>]*>/g, '\n').match(/\S+/g)).toEqual(['–', '–', '0', 'idle'])
    await clock.advance(1_000)
    expect(events.log).toEqual([])
    expect(clock.pending).toBe(0)
  },
)
