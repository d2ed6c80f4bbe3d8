import { HarnessError } from './error.ts'

/**
 * A channel's name in the form that the engine gives it: no slash at either end; throws where nothing is left.
 *
 * @example
 * channelOf('/pets/') // 'pets'
 */
export function channelOf(name: string): string {
  if (name === '/') return name
  const channel = name.replaceAll(/^\/|\/$/g, '')
  if (channel !== '') return channel
  throw new HarnessError(
    'invalid-argument',
    `Cannot use ${JSON.stringify(name)} as a channel: it is empty. Do name it like 'pets/dogs'.`,
  )
}
