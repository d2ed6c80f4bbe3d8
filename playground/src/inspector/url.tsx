import type { ReactElement } from 'react'

/** A URL; of this page's own server, only what comes after the host. */
export function Url({ of: url }: { readonly of: string }): ReactElement {
  const { origin } = window.location
  return <code>{url.startsWith(`${origin}/`) ? url.slice(origin.length) : url}</code>
}
