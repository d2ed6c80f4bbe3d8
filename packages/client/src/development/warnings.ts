import type { StreamError } from '../errors.ts'

/** Where a connection stands. */
interface Standing {
  readonly reason: string | undefined
  readonly error: StreamError | undefined
}

const told = new WeakSet<StreamError>()

/** Warns of what no browser tells: an answer that is no event stream, and a function of the app that failed. */
export function warnOfFailure(url: string, { reason, error }: Standing): void {
  if (error === undefined || told.has(error)) return
  told.add(error)
  const isRefusedPage = error.code === 'content-type' && reason === 'refused'
  const isOwnMistake = error.code === 'request' && error.attempt === 1
  if (isRefusedPage || isOwnMistake) {
    console.warn(`Millrace: ${error.message} URL: ${url}`, ...(isOwnMistake ? [error.cause] : []))
  }
}

const dropped = new Set<string>()

/** Warns of a payload that did not decode, and that nobody hears of: once for each event type. */
export function warnOfDropped(
  { onError }: { readonly onError?: unknown },
  { type, error }: { readonly type: string; readonly error: StreamError },
): void {
  if (onError !== undefined || dropped.has(type)) return
  dropped.add(type)
  console.warn(`Millrace: ${error.message} Give the stream an onError to hear of each.`)
}

/** What one render of a hook asked for. */
interface Asked {
  readonly source: unknown
}

/** Other handles in a row, render by render, before it is no chance: in strict mode each counts twice. */
const MOST = 10

const remakes = new WeakMap<object, number>()

/** Warns of a component that makes a handle in each render, for which each render begins a new stream. */
export function warnOfRemaking(
  { source }: Asked,
  newest: { readonly current: { readonly asked: Asked } | undefined },
): void {
  const before = newest.current?.asked.source
  const isOther = before !== source && isHandle(before) && isHandle(source)
  const count = isOther ? (remakes.get(newest) ?? 0) + 1 : 0
  remakes.set(newest, count)
  if (count === MOST) {
    console.error(
      'Millrace: a component reads another stream in every render. Call eventStream() outside of it, or in useMemo or useState.',
    )
  }
}

const isHandle = (source: unknown): boolean => 'latest' in Object(source)
