import type { Snapshot } from '../wire.ts'

/** The market as the server sent it with the page. */
export const snapshot: Snapshot = read()

function read(): Snapshot {
  const text = document.querySelector('#snapshot')?.textContent
  if (!text) throw new Error('Cannot start: the page has no snapshot. Serve it with `npm start`.')
  return JSON.parse(text) as Snapshot
}
