import { HarnessError } from './error.ts'

interface Environment {
  ReadableStream?: unknown
  readonly Response?: typeof Response
}

/**
 * Sees to it that there are streams; throws where nothing can be a stream.
 *
 * vitest's `vmThreads` and `vmForks` give jsdom a `Response` and not the class of its body.
 */
export function requireStreams(environment: Environment = globalThis): void {
  if (environment.ReadableStream !== undefined) return
  const stream: unknown = environment.Response && new environment.Response('').body?.constructor
  if (stream === undefined) {
    throw new HarnessError(
      'unsupported',
      'Cannot fake an event server here: this environment has neither ReadableStream nor a Response with one. Run the test in Node, happy-dom, jsdom or a browser of today, as vitest sets them up.',
    )
  }
  environment.ReadableStream = stream
}
