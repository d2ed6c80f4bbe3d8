import { flushSync } from 'react-dom'
import { createRoot, type Root } from 'react-dom/client'
import { scripted, typeOf, wireOf } from '../wire/fixture.ts'
import { pathOf, type StreamRequest } from '../wire/stream.ts'
import { Board, type Source } from './board.tsx'
import { idealSource } from './ideal.ts'
import { millraceByUrlSource, millraceSource } from './millrace.ts'

/** Who is compared. */
export type VariantName = 'ideal' | 'millrace' | 'millrace by URL'

/** What the components read. */
export interface Setting {
  readonly variant: VariantName
  readonly components: number
  readonly stream: StreamRequest
  /** The number of each type's last event. */
  readonly last: Readonly<Record<string, number>>
}

/** How often components rendered. */
export interface Renders {
  /** By all of them, after the mount. */
  readonly renders: number
}

/** What components have rendered. */
interface Rendered {
  /** How many times, by component. */
  readonly counts: Uint32Array
  /** The number of the event that each showed last. */
  readonly shown: Float64Array
}

const sources = {
  ideal: idealSource,
  millrace: millraceSource,
  'millrace by URL': millraceByUrlSource,
}

/** What the bench asks of the page. */
const bench = {
  mount,
  remount,
  unmount,
  settled,
  readAll,
  exactly,
}

declare global {
  // oxlint-disable-next-line no-var -- only that declares a global
  var fanOut: typeof bench
}

globalThis.fanOut = bench

let root: Root | undefined
let source: Source
let rendered: Rendered
let setting: Setting
let go: () => void

/** Mounts the components; nothing is sent to them before `go`. */
function mount(next: Setting, respond = globalThis.fetch): void {
  const { promise: gate, resolve } = Promise.withResolvers<void>()
  const { variant, stream } = next
  setting = next
  go = resolve
  const url = new URL(pathOf(stream), location.href).href
  const fetch: typeof globalThis.fetch = async (input, init) => {
    await gate
    return respond(input, init)
  }
  source = sources[variant](url, fetch, stream.types)
  remount()
}

function onRender(component: number, n: number): void {
  rendered.counts[component] = (rendered.counts[component] ?? 0) + 1
  rendered.shown[component] = n
}

/** Mounts them anew, with the same stream. */
function remount(): void {
  const { components, stream } = setting
  const { types } = stream
  rendered = { counts: new Uint32Array(components), shown: new Float64Array(components) }
  const page = document.querySelector('#page')
  if (page === null) throw new Error('Cannot start: the page has no element #page.')
  root = createRoot(page)
  const made = root
  flushSync(() => {
    made.render(<Board source={source} components={components} types={types} onRender={onRender} />)
  })
}

function unmount(): void {
  flushSync(() => root?.unmount())
  root = undefined
}

/** Everything that was held is let go of. */
async function settled(): Promise<void> {
  while (!source.quiet()) {
    // oxlint-disable-next-line no-await-in-loop -- until it is
    await nextTask()
  }
}

/** Has the stream sent, and resolves when every component shows the last event of its type. */
async function readAll(): Promise<Renders> {
  const { components, stream, last } = setting
  const wanted = Array.from(rendered.shown, (_, at) => last[typeOf(at % stream.types)] ?? 0)
  go()
  while (!wanted.every((n, at) => rendered.shown[at] === n)) {
    // oxlint-disable-next-line no-await-in-loop -- until it is
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return { renders: rendered.counts.reduce((sum, count) => sum + count, 0) - components }
}

/** Sends events one by one by hand, and throws unless each is rendered once by its readers, and by nobody else. */
async function exactly(next: Setting): Promise<Renders> {
  const { promise: opened, resolve: open } =
    Promise.withResolvers<ReadableStreamDefaultController<Uint8Array>>()
  const respond = (): Response => {
    const body = new ReadableStream<Uint8Array>({ start: open })
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
  }
  mount(next, () => Promise.resolve(respond()))
  go()
  const wire = await opened
  await nextTask()
  if (rendered.counts.some((count) => count !== 1)) {
    throw new Error('Cannot go on: a component rendered again before there was an event.')
  }
  const { components, stream } = next
  const encoder = new TextEncoder()
  let renders = 0
  for (const event of scripted(stream)) {
    const { n } = JSON.parse(event.data) as { n: number }
    const before = rendered.counts.slice()
    wire.enqueue(encoder.encode(wireOf(event)))
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await rendering(event.type, n)
    for (let at = 0; at < components; at += 1) {
      const reads = typeOf(at % stream.types) === event.type
      const times = (rendered.counts[at] ?? 0) - (before[at] ?? 0)
      if (times !== (reads ? 1 : 0)) {
        throw new Error(`Cannot go on: component ${at} rendered ${times} times for ${event.type}.`)
      }
      renders += times
    }
  }
  unmount()
  await settled()
  return { renders }
}

/** The event was shown, and whatever else comes of it has come. */
async function rendering(type: string, n: number): Promise<void> {
  const first = Number(type.slice(-4))
  do {
    // oxlint-disable-next-line no-await-in-loop -- until it is
    await nextTask()
  } while (rendered.shown[first] !== n)
  await nextTask()
}

/** A task later; a timer would wait longer. */
function nextTask(): Promise<void> {
  const { port1, port2 } = new MessageChannel()
  return new Promise((resolve) => {
    port1.addEventListener('message', () => {
      port1.close()
      resolve()
    })
    port1.start()
    port2.postMessage(undefined)
  })
}
