// migrating/event-source.ts
/** Before: one connection for each call, no retry after a 503, and a token that cannot be sent. */
export function watchPrice(show: (price: number) => void): () => void {
  const source = new EventSource('/events')
  source.addEventListener('tick', (event) => {
    const { price } = JSON.parse(event.data as string) as { price: number }
    show(price)
  })
  return () => source.close()
}
