const addresses = new WeakMap<Request, URL>()

/** The address of a request, parsed once. */
export function addressOf(request: Request): URL {
  let address = addresses.get(request)
  if (!address) addresses.set(request, (address = new URL(request.url)))
  return address
}
