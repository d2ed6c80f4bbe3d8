import type { ReactElement } from 'react'
import { typeOf } from '../wire/fixture.ts'

/** Milliseconds for which a stream outlives its components. */
export const LINGER = 200

/** The payload of an event. */
export interface Quote {
  readonly n: number
}

/** A stream, for components. */
export interface Source {
  /** The newest payload of this type. */
  readonly useQuote: (type: string) => Quote | undefined
  /** Whether nothing is open. */
  readonly quiet: () => boolean
}

export interface BoardProps {
  readonly source: Source
  readonly components: number
  readonly types: number
  /** Is told of each rendering: by which component, and the number of the event it shows. */
  readonly onRender: (component: number, n: number) => void
}

/** Many components, each of which reads one of the types in turn. */
export function Board({ source, components, types, onRender }: BoardProps): ReactElement {
  return (
    <ul>
      {Array.from({ length: components }, (_, index) => (
        <Cell
          key={index}
          index={index}
          type={typeOf(index % types)}
          useQuote={source.useQuote}
          onRender={onRender}
        />
      ))}
    </ul>
  )
}

interface CellProps {
  readonly index: number
  readonly type: string
  readonly useQuote: Source['useQuote']
  readonly onRender: BoardProps['onRender']
}

function Cell({ index, useQuote, type, onRender }: CellProps): ReactElement {
  // oxlint-disable-next-line react/hooks -- one and the same for as long as it is mounted
  const n = useQuote(type)?.n ?? 0
  onRender(index, n)
  return <li>{n}</li>
}
