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

const MANY = 100

/** The same, of a map that is emptied when it is full: a server may name types and channels without end. */
export function rememberedIn<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  if (map.size === MANY && !map.has(key)) map.clear()
  return knownIn(map, key, make)
}
