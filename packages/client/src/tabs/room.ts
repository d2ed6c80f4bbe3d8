/** The class `BroadcastChannel`, or what has its methods. */
export type Channels = new (
  name: string,
) => Pick<BroadcastChannel, 'postMessage' | 'close' | 'addEventListener'>

/** One end of a channel. */
export type Channel = InstanceType<Channels>

/** What of `navigator.locks` is used. */
export type Locks = Pick<LockManager, 'request' | 'query'>

/** Where the tabs of one request meet: its locks and channels. */
export class Room {
  readonly #name: string
  readonly #locks: Locks
  readonly #channels: Channels

  constructor(name: string, locks: Locks, channels: Channels) {
    this.#name = name
    this.#locks = locks
    this.#channels = channels
  }

  /** Opens a channel, to speak on it, and to hear it where there is who hears. */
  open(topic: string, hear?: (data: unknown) => void): Channel {
    const Channel = this.#channels
    const channel = new Channel(`${this.#name} ${topic}`)
    if (hear !== undefined)
      channel.addEventListener('message', ({ data }) => {
        // Anybody may have said something, nothing even.
        if (data) hear(data)
      })
    return channel
  }

  /** Says something once. A channel that stays open would hear what others say on it. */
  say(topic: string, message: unknown): void {
    const channel = this.open(topic)
    channel.postMessage(message)
    channel.close()
  }

  /**
   * Waits for a lock, or takes it from whoever has it, and holds it until the signal aborts. Rejects where that is
   * not to be, and when somebody takes it.
   */
  async hold(
    lock: string,
    signal: AbortSignal,
    { steal = false, onGranted }: { steal?: boolean; onGranted: () => void },
  ): Promise<void> {
    await this.#locks.request(`${this.#name} ${lock}`, steal ? { steal } : { signal }, () => {
      if (signal.aborted) return undefined
      const held = new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => resolve())
      })
      onGranted()
      return held
    })
  }

  /** Whether the same tab holds both locks; where nobody can tell, it does. */
  async holdsBoth(lock: string, other: string): Promise<boolean> {
    try {
      const { held = [] } = await this.#locks.query()
      const [one, two] = [lock, other].map(
        (name) => held.find((info) => info.name === `${this.#name} ${name}`)?.clientId,
      )
      return one !== undefined && one === two
    } catch {
      return true
    }
  }
}
