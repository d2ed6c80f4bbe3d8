import type { ReactElement } from 'react'
import { formatCount } from '../format.ts'
import type { Reading } from './readings.ts'
import { TableSection } from './table-section.tsx'
import { Url } from './url.tsx'

/** Who holds the connections: how many read which event types of which channel. */
export function HoldersTable(props: { readonly readings: readonly Reading[] }): ReactElement {
  return (
    <TableSection
      title="Holders"
      columns={['Channel', 'URL', 'Holders', 'By event type']}
      empty="Nobody holds a connection."
    >
      {props.readings.flatMap(({ id, url, holders }) =>
        [...Map.groupBy(holders, ({ channel }) => channel)].map(([channel, ofChannel]) => (
          <tr key={`${id} ${channel}`}>
            <th scope="row">{channel || 'the whole stream'}</th>
            <td>
              <Url of={url} />
            </td>
            <td>{formatCount(ofChannel.reduce((sum, { count }) => sum + count, 0))}</td>
            <td>
              <ul>
                {ofChannel.map(({ type, count }) => (
                  <li key={type}>
                    {type}
                    {count > 1 && ` × ${count}`}
                  </li>
                ))}
              </ul>
            </td>
          </tr>
        )),
      )}
    </TableSection>
  )
}
