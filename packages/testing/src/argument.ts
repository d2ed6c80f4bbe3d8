import { HarnessError } from './error.ts'

/** The error for a call that was given what it cannot do anything with. */
export function invalid(what: string, because: string, remedy: string): HarnessError {
  const advice = remedy.charAt(0).toUpperCase() + remedy.slice(1)
  return new HarnessError('invalid-argument', `Cannot ${what}: ${because}. ${advice}.`)
}

/** Gives options back; throws where they are none, such as a number that should be one of them. */
export function optionsOf<Options extends object>(
  call: string,
  options: Options,
  example: string,
): Options {
  if (typeof options === 'object' && options !== null) return options
  throw invalid(`call ${call} with ${shown(options)}`, 'it names no option', `name it: ${example}`)
}

/** A value in the words of an error, whatever it is. */
export function shown(value: unknown): string {
  // JSON has no NaN.
  if (typeof value === 'number') return String(value)
  try {
    return JSON.stringify(value) ?? String(value)
  } catch {
    return String(value)
  }
}
