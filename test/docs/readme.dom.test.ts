import { fakeEventServer } from '@millrace/testing/react'
import { render, screen } from '@testing-library/react'
import { createPool, setDefaultPool } from 'millrace'
import { createElement } from 'react'
import { expect, test } from 'vitest'
import readme from '../../README.md?raw'
import { Price } from './price.tsx'

test('as many components as the README says are as many connections as it says', async () => {
  const told = /(\d+) components, (\d+) connection/.exec(readme)?.slice(1) ?? []
  const [components = 0, connections = 0] = told.map(Number)
  const events = fakeEventServer('/events')
  const pool = createPool({ fetch: events.fetch })
  setDefaultPool(pool)
  render(Array.from({ length: components }, (_, key) => createElement(Price, { key })))
  await events.connected()
  await events.send({ event: 'tick', data: { price: 42 } })
  expect(screen.getAllByText('42')).toHaveLength(components)
  expect(events.log.filter(({ kind }) => kind === 'requested')).toHaveLength(connections)
  pool.close()
})
