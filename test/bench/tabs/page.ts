import { createPool } from 'millrace'
import { shareTabs } from 'millrace/tabs'

// A tab that reads a stream, its own or one that it shares, and counts what it hears.
const shares = !new URLSearchParams(location.search).has('own')
const pool = createPool({ tabs: shares ? shareTabs({ scope: 'ann' }) : undefined })
const stream = pool.stream('/events')
let last = 0
let heard = 0
let wrong = 0
let heardAt = 0
let longest = 0
let wanted = Infinity
let reached = () => {}

stream.on('message', ({ data }) => {
  const seq = Number(data)
  if (last !== 0 && seq !== last + 1) wrong += 1
  last = seq
  heard += 1
  const now = performance.now()
  longest = Math.max(longest, now - heardAt)
  heardAt = now
  if (heard >= wanted) reached()
})

Object.assign(globalThis, {
  isIn: () => stream.status.value === 'open',
  leads: () => pool.connections.value[0]?.tab === 'leads',
  /** Resolves when as many more were heard: how many came out of turn, and the longest time without any. */
  hear: async (count: number) => {
    heardAt = performance.now()
    longest = 0
    wanted = heard + count
    await new Promise<void>((resolve) => {
      reached = resolve
    })
    return { wrong, longest }
  },
  hang: (milliseconds: number) => {
    const end = performance.now() + milliseconds
    while (performance.now() < end);
  },
})
