import type { ReactElement, ReactNode } from 'react'

interface FigureProps {
  readonly name: string
  readonly label: string
  /** Whether the number is one to worry about. */
  readonly alarm?: boolean
  readonly children: ReactNode
}

/** A number with its name, in a `<dl>`. */
export function Figure({ name, label, alarm = false, children }: FigureProps): ReactElement {
  return (
    <div className="figure" data-alarm={alarm || undefined}>
      <dt>{label}</dt>
      <dd data-figure={name}>{children}</dd>
    </div>
  )
}
