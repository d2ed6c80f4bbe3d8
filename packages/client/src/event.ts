/**
 * One dispatched message, decoded. A new object for each message, so that equal payloads differ.
 *
 * @example
 * const show = (event: StreamEvent<Tick>) => console.log(event.type, event.data.price)
 * trades.on('tick', show)
 */
export interface StreamEvent<Data = string, Type extends string = string> {
  /** The `event` field; `'message'` where the server named none. */
  readonly type: Type
  /** The payload, as the decoder made it; without a decoder the raw string. */
  readonly data: Data
  /** The last event id at this event, as received: its own, or that of an earlier one. */
  readonly lastEventId: string
  /** The channel it belongs to, where the stream's channel scheme can tell. */
  readonly channel: string | undefined
}

/** The event by which a server says that it cannot go on from the cursor. */
export const RESET = 'millrace-reset'

/**
 * One dispatched message as it came off the wire.
 *
 * @example
 * const ids = (raw: string, event: RawEvent) => ({ id: event.id, size: raw.length })
 * eventStream('/events', { events: { message: ids } })
 */
export interface RawEvent {
  /** The `event` field; `'message'` where the server named none. */
  readonly type: string
  /** The text of its `data` fields. */
  readonly data: string
  /** The last event id at this event: its own, or that of an earlier one. */
  readonly lastEventId: string
  /** The id of this very event; `undefined` where it carries none and only inherits `lastEventId`. */
  readonly id: string | undefined
}

/**
 * That events were missed, which no replay will bring:
 *
 * - `reset`: the server says that it cannot go on from the cursor
 * - `no-cursor`: the stream broke off where there was no id to resume from
 * - `too-large`: an event was larger than is allowed, and was left out
 *
 * @example
 * eventStream('/events', { onGap: ({ reason }) => reason === 'too-large' || reload() })
 */
export interface Gap {
  /** Why. */
  readonly reason: 'reset' | 'no-cursor' | 'too-large'
}
