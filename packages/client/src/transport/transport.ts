import type { StreamError } from '../errors.ts'
import type { RawEvent } from '../event.ts'

/**
 * One attempt's request, every value resolved.
 *
 * @example
 * const signed: Transport = {
 *   hearsEveryType: true,
 *   connect: (request, sink, types) => fetchTransport().connect({ ...request, url: sign(request.url) }, sink, types),
 * }
 */
export interface TransportRequest {
  /** Absolute. */
  readonly url: string
  /** In capitals. */
  readonly method: string
  /** With lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  /** What is sent. */
  readonly body: NonNullable<RequestInit['body']> | undefined
  /** Whether cookies go along. */
  readonly credentials: NonNullable<RequestInit['credentials']>
  /** The cursor; empty where there is none. */
  readonly lastEventId: string
  /** The query parameter that carries the cursor where a header cannot. */
  readonly lastEventIdParam: string
}

/**
 * How an attempt ended:
 *
 * - `end`: the server finished the response in good order
 * - `no-content`: status 204, the server's word that there is no more
 * - `network`: no answer, or the connection broke
 * - `status`: another status than 200
 * - `content-type`: another type than `text/event-stream`
 * - `unknown`: a native `EventSource` gave up and does not say why
 * - `unsupported`: what the transport needs is missing here; `need` names it
 * - `request`: a function that was to say the URL or the headers failed, or took too long
 * - `silent`: nothing was heard for longer than the server's heartbeats leave between them
 *
 * @example
 * const retryOn = (outcome: Outcome) => (outcome.kind === 'content-type' ? true : undefined)
 * createPool({ retry: { retryOn } })
 */
export type Outcome =
  | { readonly kind: 'end' }
  | { readonly kind: 'no-content' }
  | { readonly kind: 'network'; readonly cause: unknown }
  | {
      readonly kind: 'status'
      readonly status: number
      readonly retryAfter: string | undefined
    }
  | { readonly kind: 'content-type'; readonly contentType: string }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'unsupported'; readonly need: string }
  | { readonly kind: 'request'; readonly cause: unknown }
  | { readonly kind: 'silent' }

/**
 * How an attempt ended that had its events from another tab's connection:
 *
 * - `handover`: that tab has it no more; nothing failed, ask again at once
 * - `closed`: it is closed there, and so it is here
 *
 * @example
 * const moved = (outcome: Outcome | Elsewhere) => outcome.kind === 'handover' // that tab has it no more
 */
export type Elsewhere =
  | { readonly kind: 'handover' }
  | {
      readonly kind: 'closed'
      readonly reason: 'ended' | 'refused' | 'gave-up' | 'unsupported'
      readonly error: StreamError | undefined
    }

/**
 * What a transport tells of one attempt. After `close`, and after the link was closed, nothing more.
 *
 * @example
 * const tell = (sink: TransportSink, data: string) =>
 *   sink.receive([{ type: 'message', data, lastEventId: '', id: undefined }], '')
 */
export interface TransportSink {
  /** The server accepted: a stream is on its way. */
  readonly open: () => void
  /**
   * The events of one network chunk, or of a part of a long one, in order, and the last event id after them; with the URL of the request that they
   * came by, where it is another's.
   */
  readonly receive: (events: readonly RawEvent[], lastEventId: string, url?: string) => void
  /** Runs what tells of a chunk part by part: all that it brings is committed together. */
  readonly together?: (tell: () => void) => void
  /** Bytes came, of whatever kind: the link is alive. `comments` where some of them were a comment. */
  readonly active: (bytes: number, comments: boolean) => void
  /** The server's `retry` field, in milliseconds. */
  readonly retry: (delay: number) => void
  /** An event was larger than is allowed, and was left out; its size so far, in bytes or characters. */
  readonly skipped: (size: number) => void
  /** The stream broke, and the transport reconnects by itself: why, and when, where it knows. */
  readonly interrupted: (error?: StreamError, retryAt?: number) => void
  /** The attempt is over; its link need not be closed. */
  readonly close: (outcome: Outcome | Elsewhere) => void
}

/**
 * One attempt under way.
 *
 * @example
 * const link: Link = fetchTransport().connect(request, sink, ['tick'])
 * link.close() // the sink hears nothing more
 */
export interface Link {
  /** Ends the attempt; the sink hears nothing more. */
  readonly close: () => void
  /** Names event types that are now wanted; a transport that hears every type ignores it. */
  readonly listen: (types: Iterable<string>) => void
}

/**
 * The port through which streams are obtained; your own is as good as the two that come with Millrace.
 *
 * @example
 * eventStream('/events', { transport: fetchTransport({ fetch: myFetch }) })
 */
export interface Transport {
  /** Whether events of every type arrive, or only of those named to `Link.listen`. */
  readonly hearsEveryType: boolean
  /** Makes an attempt, and tells the sink of it; `types` is for a transport that has to be told. */
  readonly connect: (
    request: TransportRequest,
    sink: TransportSink,
    types: Iterable<string>,
  ) => Link
}
