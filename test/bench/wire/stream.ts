import type { Script } from './fixture.ts'

/** A script, and how it is sent. */
export interface StreamRequest extends Script {
  /** Events a second, each in a chunk of its own; `0` sends them as fast as they are taken. */
  readonly rate: number
}

/** Where a host sends it. */
export function pathOf(request: StreamRequest): string {
  const { events, types, seed, rate } = request
  const parameters = { events, types, seed, rate }
  const query = Object.entries(parameters).map(([name, value]) => [name, String(value)])
  return `/stream?${new URLSearchParams(query).toString()}`
}

/** The other way round. */
export function requestOf(path: string): StreamRequest {
  const query = new URL(path, 'http://host').searchParams
  const number = (name: string): number => Number(query.get(name))
  return {
    events: number('events'),
    types: number('types'),
    seed: number('seed'),
    rate: number('rate'),
  }
}
