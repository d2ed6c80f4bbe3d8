import { useId, useState, type ReactElement } from 'react'
import {
  answerFaults,
  chanceFaults,
  labFaults,
  openFaults,
  type LabFault,
} from '../../wire/faults.ts'
import { inflict, seed } from './lab-stream.ts'

const groups = [
  { title: 'To the stream that is open', faults: namesOf(openFaults) },
  { title: 'To the next attempts (the stream is dropped first)', faults: namesOf(answerFaults) },
  { title: 'By chance, until it is mended', faults: namesOf(chanceFaults) },
]

function namesOf<Fault extends LabFault>(
  faults: Readonly<Record<Fault, unknown>>,
): readonly Fault[] {
  return Object.keys(faults) as Fault[]
}

/** What can go wrong, each at a button, and in words. */
export function FaultPanel(): ReactElement {
  const [shown, setShown] = useState<LabFault>('drop')
  const statement = useId()
  return (
    <section className="panel lab" aria-labelledby="faults">
      <header>
        <h2 id="faults">What goes wrong</h2>
        <span className="made">done by the server, to this page alone</span>
      </header>
      {groups.map(({ title, faults }) => (
        <div key={title} role="group" aria-label={title}>
          <h3>{title}</h3>
          <div className="choices">
            {faults.map((fault) => (
              <button
                key={fault}
                type="button"
                aria-describedby={fault === shown ? statement : undefined}
                onFocus={() => {
                  setShown(fault)
                }}
                onPointerEnter={() => {
                  setShown(fault)
                }}
                onClick={() => {
                  setShown(fault)
                  void inflict(fault)
                }}
              >
                {labFaults[fault].name}
              </button>
            ))}
            {faults.some((fault) => fault in chanceFaults) && <Seed />}
          </div>
        </div>
      ))}
      <div className="statement" id={statement}>
        <h3>{labFaults[shown].name}</h3>
        <p>The server {labFaults[shown].server}</p>
        <p>The client {labFaults[shown].client}</p>
      </div>
    </section>
  )
}

/** What makes the same chances again. */
function Seed(): ReactElement {
  return (
    <label className="seed">
      Seed
      <input
        type="number"
        defaultValue={seed.peek()}
        onChange={({ currentTarget }) => {
          seed.value = Math.trunc(currentTarget.valueAsNumber) || 0
        }}
      />
    </label>
  )
}
