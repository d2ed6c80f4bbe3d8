/** Where requests wait for their answer until they are called. */
export class WaitingRoom {
  readonly #waiting = new Set<() => void>()

  /** Resolves when everyone is called, or at once when this client leaves. */
  async wait(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#waiting.add(resolve)
    signal.addEventListener('abort', () => resolve(), { once: true })
    await promise
    this.#waiting.delete(resolve)
  }

  /** Calls everyone who waits. */
  call(): void {
    for (const resolve of this.#waiting) resolve()
  }
}
