// ssr/page.tsx
import { json } from 'millrace'
import { useEventStream } from 'millrace/react'

/** What the page is rendered with, and the id of the last event that is in it. */
export interface Snapshot {
  readonly price: number
  readonly cursor: string
}

export function Page({ snapshot }: { snapshot: Snapshot }) {
  const { data } = useEventStream('/events', {
    event: 'tick',
    decode: json<{ price: number }>(),
    initialValue: { price: snapshot.price },
    initialLastEventId: snapshot.cursor,
  })
  return <output>{data.price}</output>
}
