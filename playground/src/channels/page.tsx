import type { ReactElement } from 'react'
import { useStore } from 'millrace/react'
import { Figure } from '../flow/figure.tsx'
import { Flow } from '../flow/flow.tsx'
import { formatCount } from '../format.ts'
import { arrivals } from './arrivals.ts'
import { petsServer } from './pets-stream.ts'
import { Tree } from './tree.tsx'

/** A tree of channels over one connection. */
export function Content(): ReactElement {
  return (
    <>
      <Flow server={petsServer}>
        <Books />
      </Flow>
      <div className="halves">
        <Tree />
        <Arrivals />
      </div>
    </>
  )
}

function Books(): ReactElement {
  const all = useStore(arrivals)
  const heard = all.reduce((sum, { heardBy }) => sum + heardBy.length, 0)
  const twice = all.filter(({ heardBy }) => new Set(heardBy).size < heardBy.length).length
  return (
    <>
      <dl>
        <Figure name="arrived" label="Arrived">
          {formatCount(all.length)}
        </Figure>
        <Figure name="heard" label="Heard by readers">
          {formatCount(heard)}
        </Figure>
        <Figure name="doubled" label="Doubled" alarm={twice > 0}>
          {formatCount(twice)}
        </Figure>
      </dl>
      <p className="note">
        When the set of channels grows, a new connection opens before the old one goes. What both
        bring is heard once.
      </p>
    </>
  )
}

function Arrivals(): ReactElement {
  const all = useStore(arrivals)
  return (
    <section className="panel arrivals" aria-labelledby="arrivals">
      <header>
        <h2 id="arrivals">What arrives</h2>
        <span className="made">newest first</span>
      </header>
      {/* It comes one at a time, when a button was pressed: worth being read aloud. */}
      <ol role="log" aria-labelledby="arrivals" tabIndex={0}>
        {all.map(({ seq, text, channel, heardBy }) => (
          <li key={seq}>
            <p>
              {text} <code>{channel ?? 'broadcast'}</code>
            </p>
            <p className="note">heard by {heardBy.join(', ')}</p>
          </li>
        ))}
        {all.length === 0 && <li className="note">Nothing yet. Publish something.</li>}
      </ol>
    </section>
  )
}
