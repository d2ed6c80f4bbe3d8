import { channelsOf } from './channel.ts'
import type { ServerEvent } from './encode.ts'
import { EventServerError } from './error.ts'
import type { Provider, Published } from './provider.ts'
import { failure, hookFailed } from './reporter.ts'
import type { Reporter } from './reporter.ts'
import { isThenable } from './thenable.ts'

/** What a publisher is made with. */
export interface PublisherOptions {
  readonly provider: Provider
  readonly reporter: Reporter
  /** Checks an event and readies it for encoding. */
  readonly prepare: (event: ServerEvent) => ServerEvent
  readonly beforeSend:
    | ((event: ServerEvent, channels: readonly string[]) => ServerEvent | null)
    | undefined
}

const DROPPED: Published = { id: undefined }

/** Takes events to the provider; a publish that nobody awaits never becomes an unhandled rejection. */
export class Publisher {
  readonly #options: PublisherOptions
  readonly #underWay = new Set<Promise<Published>>()
  #closed = false

  constructor(options: PublisherOptions) {
    this.#options = options
  }

  readonly publish = (
    channels: string | readonly string[],
    event: ServerEvent,
  ): Promise<Published> => this.#track(() => this.#send(channelsOf(channels), event))

  readonly broadcast = (event: ServerEvent): Promise<Published> =>
    this.#track(() => this.#send([], event))

  /** Takes no more; resolves when what was taken has arrived. */
  close(): Promise<unknown> | undefined {
    this.#closed = true
    return this.#underWay.size === 0 ? undefined : Promise.allSettled(this.#underWay)
  }

  #send(channels: readonly string[], event: ServerEvent): Published | Promise<Published> {
    if (this.#closed) {
      const message = 'Cannot publish: the server is closed. Publish before close().'
      throw new EventServerError('closed', message)
    }
    const chosen = this.#beforeSend(event, channels)
    // One that was none from the start is no event, and said so by `prepare`.
    if (chosen === null && chosen !== event) return DROPPED
    return this.#options.provider.publish({ channels, event: this.#options.prepare(chosen) })
  }

  #beforeSend(event: ServerEvent, channels: readonly string[]): ServerEvent | null {
    const { beforeSend } = this.#options
    if (!beforeSend) return event
    try {
      const chosen: unknown = beforeSend(event, channels)
      if (typeof chosen === 'object' && !isThenable(chosen)) return chosen
      throw new TypeError('it gave neither an event nor null, at once')
    } catch (cause) {
      throw hookFailed('beforeSend', cause)
    }
  }

  // The provider is called within this call, so what it delivers is scheduled when the caller goes on.
  #track(send: () => Published | Promise<Published>): Promise<Published> {
    try {
      const sent = send()
      return isThenable(sent) ? this.#follow(sent) : Promise.resolve(sent)
    } catch (cause) {
      return unawaited(Promise.reject(this.#failed(cause)))
    }
  }

  #follow(sent: PromiseLike<Published>): Promise<Published> {
    const followed = Promise.resolve(sent).catch((cause: unknown) => {
      throw this.#failed(cause)
    })
    const forget = (): void => void this.#underWay.delete(followed)
    this.#underWay.add(followed)
    followed.then(forget, forget)
    return followed
  }

  #failed(cause: unknown): EventServerError {
    const remedy = 'Publish again when it can be'
    const error = failure({ code: 'publish-failed', what: 'publish', remedy }, cause)
    this.#options.reporter.report(error)
    return error
  }
}

// Its rejection has been reported: it is unhandled by nobody.
function unawaited<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(() => {})
  return promise
}
