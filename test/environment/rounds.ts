/** How many rounds a test goes: a few every day, many under `npm run test:long`. */
export function rounds(daily: number, long: number): number {
  return process.env['MILLRACE_LONG'] === '1' ? long : daily
}
