import type { ReactElement } from 'react'
import { useEventStream } from 'millrace/react'
import { newsChannel } from '../../wire/catalogue.ts'
import { formatTime } from '../format.ts'
import { market } from './market-stream.ts'
import { snapshot } from './snapshot.ts'

const SHOWN = 5

/** The newest headlines: a reducer over the news channel. */
export function News(): ReactElement {
  const news = useEventStream(market.channel(newsChannel), {
    event: 'headline',
    reducer: (headlines, { data }) => [data, ...headlines].slice(0, SHOWN),
    initialValue: snapshot.news,
  })
  return (
    <section className="panel news" aria-labelledby="news">
      <header>
        <h2 id="news">News</h2>
        <span className="made">React</span>
      </header>
      <ol>
        {news.map(({ title, at, seq }) => (
          <li key={seq}>
            <time dateTime={new Date(at).toISOString()}>{formatTime(at)}</time>
            {title}
          </li>
        ))}
      </ol>
    </section>
  )
}
