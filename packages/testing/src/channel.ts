import { parseChannel } from '@millrace/server'
import { HarnessError } from './error.ts'

/**
 * A channel's name in the form that the engine gives it; throws at the caller what the engine would tell its publisher.
 *
 * @example
 * channelOf('/pets/') // 'pets'
 */
export function channelOf(name: string): string {
  try {
    return parseChannel(name)
  } catch (error) {
    throw new HarnessError(
      'invalid-argument',
      error instanceof Error ? error.message : String(error),
    )
  }
}
