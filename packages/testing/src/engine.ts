import { createEventServer } from '@millrace/server'
import type { EventServer, EventServerOptions, Session } from '@millrace/server'
import { invalid, shown } from './argument.ts'
import { refuse } from './behaviour.ts'

/** What an engine is made with here: its own options, and the methods that open a stream. */
export interface EngineOptions<Data> extends EventServerOptions<Data> {
  readonly methods?: readonly string[] | undefined
}

/** A real engine that also answers other methods than GET. */
export class Engine<Data> {
  readonly server: EventServer<Data>
  readonly #methods: ReadonlySet<string>
  readonly #originals = new WeakMap<Request, Request>()
  readonly #sessions = new WeakMap<Request, Session<Data>>()

  constructor({ methods = ['GET'], ...options }: EngineOptions<Data>) {
    if (!Array.isArray(methods) || methods.length === 0) {
      const remedy = "give some, as ['GET', 'POST']"
      throw invalid(`answer the methods ${shown(methods)}`, 'they are no list of any', remedy)
    }
    this.#methods = new Set(methods.map((method) => method.toUpperCase()))
    const { authorize, channels, headers } = options
    const notAllowed = { status: 405, headers: { allow: [...this.#methods].join(', ') } }
    const original = (request: Request): Request => this.#originals.get(request) ?? request
    this.server = createEventServer<Data>({
      ...options,
      authorize: (request) => {
        const asked = original(request)
        return this.#methods.has(asked.method) ? (authorize?.(asked) ?? {}) : refuse(notAllowed)
      },
      ...(channels && { channels: (request) => channels(original(request)) }),
      ...(typeof headers === 'function' && { headers: (request) => headers(original(request)) }),
      onConnect: (session, request) => {
        this.#sessions.set(original(request), session)
        return options.onConnect?.(session, original(request))
      },
    })
  }

  /** Answers a request; the session is there where it has become one. */
  async answer(
    request: Request,
  ): Promise<{ readonly response: Response; readonly session: Session<Data> | undefined }> {
    const response = await this.server.fetch(this.#asked(request))
    return { response, session: this.#sessions.get(request) }
  }

  // To the engine a stream is something that one gets.
  #asked(request: Request): Request {
    const { method, url, headers, signal } = request
    if (method === 'GET') return request
    const asked = new Request(url, { headers, signal })
    this.#originals.set(asked, request)
    return asked
  }
}
