import { useId, useState, type ReactElement } from 'react'
import {
  answerFaults,
  labFaults,
  openFaults,
  type AnswerFault,
  type LabFault,
  type OpenFault,
} from '../../wire/faults.ts'
import { inflict } from './lab-stream.ts'

const groups: readonly { readonly title: string; readonly faults: readonly LabFault[] }[] = [
  { title: 'To the stream that is open', faults: Object.keys(openFaults) as OpenFault[] },
  {
    title: 'To the next attempts (the stream is dropped first)',
    faults: Object.keys(answerFaults) as AnswerFault[],
  },
]

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
