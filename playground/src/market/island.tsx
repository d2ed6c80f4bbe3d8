import { useEffect, useId, useRef, type ReactElement } from 'react'

interface IslandProps {
  readonly title: string
  /** What it is made with. */
  readonly made: string
  /** Fills the element; the result empties it. */
  readonly mount: (target: HTMLElement) => () => void
}

/** A place on the page where React has no say: what is mounted there brings its own way to render. */
export function Island({ title, made, mount }: IslandProps): ReactElement {
  const target = useRef<HTMLDivElement>(null)
  const heading = useId()
  useEffect(() => (target.current === null ? undefined : mount(target.current)), [mount])
  return (
    <section className="panel" aria-labelledby={heading}>
      <header>
        <h2 id={heading}>{title}</h2>
        <span className="made">{made}</span>
      </header>
      <div ref={target} />
    </section>
  )
}
