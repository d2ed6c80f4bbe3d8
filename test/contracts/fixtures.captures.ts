import { readFileSync } from 'node:fs'

/** One response of a Go server, as it was captured. */
export interface Capture {
  readonly request: { readonly path: string; readonly headers: Readonly<Record<string, string>> }
  readonly chunks: readonly { readonly text: string }[]
  readonly response: { readonly headers: Readonly<Record<string, string>> }
}

export function capturesOf(server: string): readonly Capture[] {
  const file = new URL(`../fixtures/${server}.json`, import.meta.url)
  return (JSON.parse(readFileSync(file, 'utf8')) as { captures: Capture[] }).captures
}
