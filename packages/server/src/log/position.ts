/** The two parts of a position; NaN is neither below nor above anything, so that an id that is no position is never found. */
export function parsePosition(position: string): [epoch: string, sequence: number] {
  const [, epoch = '', digits = ''] = /^(.+)-(\d+)$/.exec(position) ?? []
  return [epoch, epoch === '' ? Number.NaN : Number(digits)]
}
