import { useId, useState, type CSSProperties, type ReactElement } from 'react'
import { useStreamEvent } from 'millrace/react'
import { channels } from '../../wire/channels.ts'
import { hear } from './arrivals.ts'
import { pets, publish } from './pets-stream.ts'

/** Who listens to the stream, and not to a channel. */
const WHOLE = 'the whole stream'

/** The channels: which of them are read, and a button to publish to each. */
export function Tree(): ReactElement {
  return (
    <section className="panel tree" aria-labelledby="tree">
      <header>
        <h2 id="tree">Who reads what</h2>
        <span className="made">multiplex()</span>
      </header>
      <ul>
        {channels.map((channel) => (
          <Branch key={channel} channel={channel} reads={channel === 'pets/dogs'} />
        ))}
        <Branch channel={undefined} reads={false} />
      </ul>
      <p className="note">
        A channel hears what is published to it and below it: <code>pets</code> hears{' '}
        <code>pets/dogs</code>, and never <code>petshop</code>. Whoever reads the whole stream hears
        what comes for the others. A broadcast is for everyone.
      </p>
    </section>
  )
}

interface BranchProps {
  /** Without one it is the whole stream. */
  readonly channel: string | undefined
  /** Whether it is read from the start. */
  readonly reads: boolean
}

function Branch({ channel, reads: initially }: BranchProps): ReactElement {
  const [reads, setReads] = useState(initially)
  const id = useId()
  const depth = channel?.split('/').length ?? 1
  return (
    <li style={{ '--depth': depth - 1 } as CSSProperties}>
      <input
        id={id}
        type="checkbox"
        checked={reads}
        onChange={(event) => {
          setReads(event.currentTarget.checked)
        }}
      />
      <label htmlFor={id}>{channel === undefined ? WHOLE : <code>{channel}</code>}</label>
      <button
        type="button"
        aria-label={channel === undefined ? 'Publish to everyone' : `Publish to ${channel}`}
        onClick={() => void publish(channel)}
      >
        {channel === undefined ? 'Broadcast' : 'Publish'}
      </button>
      {reads && <Ear channel={channel} />}
    </li>
  )
}

/** It listens while it is mounted: that is all there is to joining a channel, and to leaving it. */
function Ear({ channel }: Pick<BranchProps, 'channel'>): null {
  const stream = channel === undefined ? pets : pets.channel(channel)
  useStreamEvent(stream, 'sighting', ({ data }) => {
    hear(channel ?? WHOLE, data)
  })
  return null
}
