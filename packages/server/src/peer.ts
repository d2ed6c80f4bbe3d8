const peers = new WeakMap<Request, string>()

/** Tells from what address a request came: for adapters, which see the socket. */
export function setPeer(request: Request, address: string | undefined): void {
  if (address !== undefined) peers.set(request, address)
}

/** The address at the other end of a request's socket, where an adapter has told it. */
export function peerOf(request: Request): string | undefined {
  return peers.get(request)
}
