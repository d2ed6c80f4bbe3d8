import { createApp, defineComponent, h, type PropType } from 'vue'
import type { Market, Part } from '../market.ts'
import { useStore } from '../../docs/vue/use-store.ts'

const ShownPart = defineComponent({
  props: {
    part: { type: Object as PropType<Part>, required: true },
    market: { type: Object as PropType<Market>, required: true },
  },
  setup({ part, market }) {
    const value = useStore(part.store)
    return () => h('output', market.rendered(part, value.value ?? '–'))
  },
})

/** A page of four components. */
export const Page = defineComponent({
  props: { market: { type: Object as PropType<Market>, required: true } },
  setup: ({ market }) => {
    return () => market.parts.map((part) => h(ShownPart, { part, market }))
  },
})

export function mountPage(target: HTMLElement, market: Market): () => void {
  const app = createApp(Page, { market })
  app.mount(target)
  return () => app.unmount()
}
