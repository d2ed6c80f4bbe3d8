/** How many rounds a test goes: a few every day, many under `npm run test:long`. */
export function rounds(daily: number, long: number): number {
  // A browser has the environment from vitest alone.
  const { MILLRACE_LONG } = import.meta.env ?? process.env
  return MILLRACE_LONG === '1' ? long : daily
}
