import { unescaped } from '../unescaped.ts'

/** Names of query parameters whose values are nobody's business. */
const SECRET =
  /token|ticket|secret|passw|auth|jwt|credential|session|signature|(^|[-_.])(sig|key|apikey|code|pwd|sid)$/i

/** A URL as it may be shown: without user names, passwords, and what looks like a secret in its query. */
export function redacted(url: string): string {
  return url
    .replace(/\/\/[^/?#]*@/, '//…@')
    .replace(/([?&#])([^=&#]+)=[^&#]+/g, (whole, before: string, name: string) =>
      SECRET.test(unescaped(name)) ? `${before}${name}=…` : whole,
    )
}
