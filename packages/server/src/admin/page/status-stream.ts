import type { AdminStatus } from '../status.ts'
import { find, write } from './element.ts'

/** Milliseconds until a stream that was refused is asked for again. */
const RETRY = 5_000

const base = location.pathname.replace(/\/?$/, '/')

/** How the server stands, once a second, and the light that says whether it is told. */
export class StatusStream {
  readonly #onStatus: (status: AdminStatus) => void
  #source: EventSource | undefined
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(onStatus: (status: AdminStatus) => void) {
    this.#onStatus = onStatus
  }

  /** Looks at this view, and at no other. */
  open(view: URLSearchParams): void {
    this.#close()
    find('#json').setAttribute('href', `${base}status.json?${view.toString()}`)
    const source = new EventSource(`${base}events?${view.toString()}`)
    this.#source = source
    source.addEventListener('status', ({ data }) => {
      light('live', 'Live')
      this.#onStatus(JSON.parse(String(data)) as AdminStatus)
    })
    source.addEventListener('error', () => {
      light('lost', 'Reconnecting')
      if (source.readyState !== EventSource.CLOSED) return
      light('lost', 'Not let in, or not answered')
      this.#timer = setTimeout(() => this.open(view), RETRY)
    })
  }

  pause(): void {
    this.#close()
    light('paused', 'Paused')
  }

  resume(view: URLSearchParams): void {
    light('connecting', 'Connecting')
    this.open(view)
  }

  #close(): void {
    clearTimeout(this.#timer)
    this.#source?.close()
    this.#source = undefined
  }
}

function light(state: 'connecting' | 'live' | 'lost' | 'paused', text: string): void {
  const element = find('.light')
  element.dataset['state'] = state
  write(element, text)
}
