import { pageUrl } from './address.ts'
import type { Matches } from './address.ts'
import type { Carrier } from './era.ts'
import { HarnessError } from './error.ts'
import type { Mount } from './mount.ts'

const directly: Carrier = { emptyStart: false, headers: {} }

/** A `fetch` that reaches a mount without anything in between. */
export function createFetch<Data>(mount: Mount<Data>, matches: Matches): typeof fetch {
  return async (input, init) => {
    const target = input instanceof Request ? input : new URL(input, pageUrl()).href
    const request = new Request(target, init)
    if (!matches(request.url)) {
      throw new HarnessError(
        'wrong-address',
        `Cannot fetch ${request.url}: this fake answers at another address. Do make a fake for it too, or pass this fetch to one stream only.`,
      )
    }
    request.signal.throwIfAborted()
    const response = await mount.answer(request, directly)
    request.signal.throwIfAborted()
    if (!response) throw new TypeError('fetch failed')
    return response
  }
}
