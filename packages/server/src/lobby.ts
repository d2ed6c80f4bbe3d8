/** Those who wait to be let in: each until there is an answer, or nobody whom it is for. */
export class Lobby {
  readonly #leaving = new Set<() => void>()

  /** What the answer is; `undefined` if whoever waits has gone before, or everyone was sent away. Later it is dropped. */
  wait<Answer>(answer: PromiseLike<Answer>, gone: AbortSignal): Promise<Answer | undefined> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        gone.removeEventListener('abort', leave)
        this.#leaving.delete(leave)
        resolve(undefined)
      }
      const settled = <Outcome>(settle: (outcome: Outcome) => void) => {
        return (outcome: Outcome): void => {
          settle(outcome)
          leave()
        }
      }
      this.#leaving.add(leave)
      gone.addEventListener('abort', leave)
      if (gone.aborted) leave()
      answer.then(settled(resolve), settled(reject))
    })
  }

  /** Sends everyone away. */
  clear(): void {
    for (const leave of this.#leaving) leave()
  }
}
