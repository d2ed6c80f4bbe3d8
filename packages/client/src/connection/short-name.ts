/** A short name for a request, which shows nothing of it: FNV-1a, 64 bits. */
export function shortName(request: string): string {
  let hash = 0xcb_f2_9c_e4_84_22_23_25n
  for (const byte of new TextEncoder().encode(request)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x1_00_00_00_01_b3n)
  }
  return `millrace:${hash.toString(36)}`
}
