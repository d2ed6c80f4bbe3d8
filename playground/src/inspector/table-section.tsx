import { useId, type ReactElement, type ReactNode } from 'react'

interface TableSectionProps {
  readonly title: string
  readonly columns: readonly string[]
  /** What stands in the table's place while it has no rows. */
  readonly empty: string
  /** What is beside the heading. */
  readonly tools?: ReactNode
  readonly children: readonly ReactElement[]
}

/** A heading and its table, which scrolls in a place of its own; the keyboard gets there, too. */
export function TableSection(props: TableSectionProps): ReactElement {
  const { title, columns, empty, tools, children } = props
  const heading = useId()
  return (
    <section>
      <header>
        <h3 id={heading}>{title}</h3>
        {tools}
      </header>
      {/* What changes by itself many times a second is not to be read aloud by itself. */}
      <div className="scroll" role="region" aria-labelledby={heading} aria-live="off" tabIndex={0}>
        <table aria-labelledby={heading}>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {children.length > 0 ? (
              children
            ) : (
              <tr>
                <td colSpan={columns.length}>{empty}</td>
              </tr>
            )}
          </tbody>
        </table>
      </div>
    </section>
  )
}
