/** What has come to a client that reads bytes. */
export interface Reading {
  readonly text: string
  readonly chunks: readonly string[]
  readonly response: Response | undefined
  /** How it ended, once it has. */
  readonly end: 'done' | 'error' | undefined
  readonly error: unknown
  readonly leave: () => void
}

/** A client that reads to the end. */
export function read(
  url: string,
  { fetcher = fetch, ...init }: RequestInit & { readonly fetcher?: typeof fetch } = {},
): Reading {
  const abort = new AbortController()
  const chunks: string[] = []
  const state: { response?: Response; end?: 'done' | 'error'; error?: unknown } = {}
  async function run(): Promise<void> {
    state.response = await fetcher(url, { ...init, signal: abort.signal })
    const reader = state.response.body?.getReader()
    const decoder = new TextDecoder()
    for (;;) {
      const { done = true, value } = (await reader?.read()) ?? {}
      if (done) return
      // The empty chunk with which a head comes is none.
      if (value && value.length > 0) chunks.push(decoder.decode(value, { stream: true }))
    }
  }
  run().then(
    () => (state.end = 'done'),
    (error: unknown) => {
      state.end = 'error'
      state.error = error
    },
  )
  return {
    get text() {
      return chunks.join('')
    },
    chunks,
    get response() {
      return state.response
    },
    get end() {
      return state.end
    },
    get error() {
      return state.error
    },
    leave: () => abort.abort(),
  }
}
