/// <reference lib="esnext.disposable" preserve="true" />
import { Audience } from './audience.ts'
import { Line } from './broker-line.ts'
import { Cursor } from './broker-stream.ts'
import type { BrokerStream, SubscribeOptions } from './broker-stream.ts'
import { channelsOf, minimalChannels, namesOf, parseChannel } from './channel.ts'
import { EventServerError } from './error.ts'

/**
 * Publishing and subscribing within a process, without HTTP; its members may be passed bare.
 *
 * @example
 * const broker = createBroker<Order>()
 */
export interface Broker<Value> extends Disposable {
  /** To all who hear one of the channels, each once. Throws `closed` after `close`. */
  readonly publish: (channels: string | readonly string[], value: Value) => void
  /** To everyone. Throws `closed` after `close`. */
  readonly broadcast: (value: Value) => void
  /**
   * What is published to these channels and below them, and what is broadcast, from now on; no channel means broadcasts
   * only, the root, `/`, means all. What a stream has not read is kept for it, without bound, until it ends.
   */
  readonly subscribe: (
    channels?: string | readonly string[],
    options?: SubscribeOptions,
  ) => BrokerStream<Value>
  /** Ends every stream, each after all that was published; streams subscribed to from now on have ended already. */
  readonly close: () => void
}

/**
 * Makes a broker: the engine's channels for whatever is to be heard within a process.
 *
 * @example
 * const broker = createBroker<string>()
 * const dogs = broker.subscribe('pets')
 * broker.publish('pets/dogs', 'Corgi')
 * await dogs.next() // { done: false, value: 'Corgi' }
 */
export function createBroker<Value = unknown>(): Broker<Value> {
  const audience = new Audience<Line<Value>>()
  let closed = false

  function append(channels: readonly string[], value: Value): void {
    if (closed) {
      const message = 'Cannot publish: the broker is closed. Publish before close().'
      throw new EventServerError('closed', message)
    }
    for (const line of audience.hearing(channels)) line.append(value)
  }

  function onEmpty(line: Line<Value>): void {
    audience.delete(line)
  }

  function close(): void {
    closed = true
    for (const line of audience.hearing([])) line.end()
  }

  return {
    publish: (channels, value) => append(channelsOf(channels), value),
    broadcast: (value) => append([], value),
    subscribe: (channels = [], { signal } = {}) => {
      const names = minimalChannels(namesOf(channels).map(parseChannel))
      const line = audience.groupOf(names, () => new Line(names))
      const stream = new Cursor({ line, at: line.tail, onEmpty, signal })
      if (closed) void stream.return()
      return stream
    },
    close,
    [Symbol.dispose]: close,
  }
}
