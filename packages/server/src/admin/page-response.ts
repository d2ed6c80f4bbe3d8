import { PAGE, SCRIPT_HASH, STYLE_HASH } from './served-page.ts'

// The page is the same for everyone, and all that clients have chosen comes to it as data: nothing but its own script and
// style, known by their hashes, may run or be drawn, and no text can become a script (Trusted Types).
const POLICY = [
  "default-src 'none'",
  `script-src '${SCRIPT_HASH}'`,
  `style-src '${STYLE_HASH}'`,
  "connect-src 'self'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ')

const HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  'content-security-policy': POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

/** The page that shows how a server stands. */
export function pageResponse(): Response {
  return new Response(PAGE, { headers: HEADERS })
}
