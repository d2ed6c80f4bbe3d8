const LF = 10

/**
 * Takes HTTP/1.1's head and its chunked coding off, so that a check sees the body alone (RFC 9112, 7.1); written for
 * speed, and for answers that are a 200 with chunks.
 */
export function createDechunker(
  onBody: (bytes: Buffer, start: number, end: number) => void,
): (bytes: Buffer, length: number) => void {
  let head = ''
  let inHead = true
  let line = ''
  /** Bytes of the present chunk that are to come, the line end behind it included; 0 where its size is to come. */
  let left = 0

  function afterHead(bytes: Buffer, length: number): number {
    head += bytes.toString('latin1', 0, length)
    const end = head.indexOf('\r\n\r\n')
    if (end === -1) return length
    if (!/^HTTP\/1\.1 200 [^]*\r\ntransfer-encoding: chunked\r\n/i.test(head.slice(0, end + 2))) {
      throw new Error(`Cannot read the answer: its head is ${JSON.stringify(head)}`)
    }
    inHead = false
    return length - (head.length - end - 4)
  }

  function sizeFrom(bytes: Buffer, at: number, length: number): number {
    let end = at
    while (end < length && bytes[end] !== LF) end += 1
    line += bytes.toString('latin1', at, end)
    if (end === length) return end
    left = Number.parseInt(line, 16) + 2
    line = ''
    return end + 1
  }

  return (bytes, length) => {
    let at = inHead ? afterHead(bytes, length) : 0
    while (at < length) {
      if (left === 0) {
        at = sizeFrom(bytes, at, length)
        continue
      }
      const end = Math.min(length, at + left)
      const body = Math.min(end, at + left - 2)
      if (body > at) onBody(bytes, at, body)
      left -= end - at
      at = end
    }
  }
}
