import { EventServerError } from '../error.ts'
import { reasonOf } from './client.ts'

/** Redis is not there: nothing was sent. */
export function away(cause: Error): EventServerError {
  return new EventServerError(
    'provider-away',
    `Cannot publish: Redis is away (${reasonOf(cause)}). Publish again when the provider's state is 'ready', or let it wait: whenAway: 'queue'.`,
    { cause },
  )
}

/** Redis is not there, and as much waits for it as may. */
export function full(maxQueue: number): EventServerError {
  return new EventServerError(
    'provider-away',
    `Cannot publish: Redis is not there, and ${maxQueue} events wait for it already. Publish again when the provider's state is 'ready', or raise maxQueue.`,
  )
}

/** It was sent, and no answer came. */
export function unconfirmed(cause: Error): EventServerError {
  return new EventServerError(
    'publish-unconfirmed',
    `Cannot tell whether the event is published: Redis's answer was lost (${reasonOf(cause)}). Publish it again where hearing it twice does no harm, or let the provider find out: whenAway: 'queue'.`,
    { cause },
  )
}

/** It is over. */
export function closed(): EventServerError {
  return new EventServerError(
    'closed',
    'Cannot publish: the provider was closed. Publish before close().',
  )
}
