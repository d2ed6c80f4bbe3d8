declare global {
  var untouched: { readonly fetch: typeof fetch; readonly EventSource: typeof EventSource }
}

// Files share their page, and a fake stays for those that come later: whichever is first keeps what was there before.
globalThis.untouched ??= { fetch, EventSource }
