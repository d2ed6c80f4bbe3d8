import { unescaped } from '../unescaped.ts'

/** Names of query parameters whose values are nobody's business. */
const SECRET =
  /token|ticket|secret|passw|auth|jwt|credential|session|signature|(^|[-_.])(sig|key|api[-_]?key|code|pwd|sid)$/i

/** A URL as it may be shown: without user names, passwords, and what looks like a secret in its query. */
export function redacted(url: string): string {
  return url
    .replace(/^([a-z][a-z\d+.-]*:)?\/\/[^/?#]*@/i, '$1//…@')
    .replace(/([?&#])([^=&#]+)=([^&#]*)/g, (whole, before: string, name: string, value: string) =>
      value !== '' && SECRET.test(unescaped(name)) ? `${before}${name}=…` : whole,
    )
}
