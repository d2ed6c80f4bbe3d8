import type { ReactElement } from 'react'
import { eventStream, json, multiplex } from 'millrace'
import { useEventStream } from 'millrace/react'
import { newsChannel } from '../../wire/catalogue.ts'
import type { Headline } from '../../wire/market.ts'
import { Water } from '../flow/race.tsx'
import { formatCount } from '../format.ts'
import { pool } from '../pool.ts'
import { readSnapshot } from '../snapshot.ts'

const lastHeadline = readSnapshot() as Headline

const market = eventStream('/market/events', {
  pool,
  channels: multiplex(),
  events: { headline: json<Headline>() },
})

/** All sectors: a channel holds those below it. */
const sectors = market.channel('market')

/** The home page has a stream, too: how much has come, and the newest headline. */
export function News(): ReactElement {
  const count = useEventStream(sectors, {
    event: '*',
    reducer: (sum) => sum + 1,
    initialValue: 0,
  })
  const headline = useEventStream(market.channel(newsChannel), {
    event: 'headline',
    select: ({ data }) => data.title,
  })
  return (
    <section className="panel stream-of-home" aria-labelledby="now">
      <h2 id="now">Down the race, right now</h2>
      <Water />
      <p>
        <strong data-figure="received">{formatCount(count)}</strong> trades since you came, over the
        one connection of this page.{' '}
        <span className="headline">{headline ?? lastHeadline.title}</span>
      </p>
    </section>
  )
}
