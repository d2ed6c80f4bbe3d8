import { memo, type NamedExoticComponent, type ReactElement } from 'react'
import { sectorNames, sectors, type Sector } from '../../wire/catalogue.ts'
import { Cell } from './cell.tsx'

/** Ten sectors of ten symbols. It renders once; only its cells move. */
export const Board: NamedExoticComponent = memo(function Board() {
  return (
    <section className="panel board" aria-labelledby="board">
      <header>
        <h2 id="board">Market board</h2>
        <span className="made">React, 100 cells on 10 channels</span>
      </header>
      {sectorNames.map((sector) => (
        <SectorRow key={sector} sector={sector} />
      ))}
    </section>
  )
})

function SectorRow({ sector }: { readonly sector: Sector }): ReactElement {
  return (
    <section className="sector" aria-labelledby={sector}>
      <h3 id={sector}>{sector}</h3>
      <ul>
        {sectors[sector].map((ticker) => (
          <Cell key={ticker} sector={sector} ticker={ticker} />
        ))}
      </ul>
    </section>
  )
}
