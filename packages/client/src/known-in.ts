/** What a map has for a key; made, and kept there, where it has nothing. */
export function knownIn<Key, Value>(
  map: {
    readonly get: (key: Key) => Value | undefined
    readonly set: (key: Key, value: Value) => unknown
  },
  key: Key,
  make: () => Value,
): Value {
  let value = map.get(key)
  if (value === undefined) map.set(key, (value = make()))
  return value
}
