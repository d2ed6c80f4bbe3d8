/** What the server sent with the page. */
export function readSnapshot(): unknown {
  const text = document.querySelector('#snapshot')?.textContent
  if (!text) throw new Error('Cannot start: the page has no snapshot. Serve it with `npm start`.')
  return JSON.parse(text)
}
