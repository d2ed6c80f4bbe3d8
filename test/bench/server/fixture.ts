/** What comes before the first message, from servers whose every byte is known beforehand. */
export const PREAMBLE = ': connected\n\n'

/** The data of a message: its number, and filling up to so many characters. */
export function dataOf(sequence: number, size: number): string {
  return String(sequence).padStart(12, '0').padEnd(size, 'x')
}

/** A message as it is on the wire, where the server adds nothing of its own. */
export function wireOf(sequence: number, size: number): string {
  return `data: ${dataOf(sequence, size)}\n\n`
}
