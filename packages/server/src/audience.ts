import { lineage } from './channel.ts'

/** Who hears what: groups of those who listen to the same channels, found by what is published. */
export class Audience<Group extends { readonly channels: readonly string[] }> {
  readonly #groups = new Map<string, Group>()
  readonly #byChannel = new Map<string, Set<Group>>()

  /** The group of these channels, in the fewest names and sorted; made where there is none. */
  groupOf(channels: readonly string[], make: () => Group): Group {
    const key = keyOf(channels)
    let group = this.#groups.get(key)
    if (group) return group
    group = make()
    this.#groups.set(key, group)
    for (const channel of channels) {
      const groups = this.#byChannel.get(channel)
      if (groups) groups.add(group)
      else this.#byChannel.set(channel, new Set([group]))
    }
    return group
  }

  delete(group: Group): void {
    const key = keyOf(group.channels)
    if (this.#groups.get(key) === group) this.#groups.delete(key)
    for (const channel of group.channels) {
      const groups = this.#byChannel.get(channel)
      groups?.delete(group)
      if (groups?.size === 0) this.#byChannel.delete(channel)
    }
  }

  /** All who hear one of these channels, each once; where there are none, everyone. */
  hearing(channels: readonly string[]): Iterable<Group> {
    if (channels.length === 0) return this.#groups.values()
    const groups = new Set<Group>()
    for (const name of new Set(channels.flatMap(lineage))) {
      for (const group of this.#byChannel.get(name) ?? []) groups.add(group)
    }
    return groups
  }
}

function keyOf(channels: readonly string[]): string {
  return channels.join('\n')
}
