/** Lets others wait for facts about something that tells when it has changed: nothing is asked over and over. */
export class Watch {
  #waiting: { readonly fact: () => boolean; readonly resolve: () => void }[] = []

  /** Resolves when a fact is true. */
  until(fact: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ fact, resolve })
      this.tell()
    })
  }

  /** Something has changed. */
  tell(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const one of waiting) {
      if (one.fact()) one.resolve()
      else this.#waiting.push(one)
    }
  }
}
