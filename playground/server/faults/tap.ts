import { setTimeout as pause } from 'node:timers/promises'

/** What can befall the next chunk on its way: cut into bytes, or in the middle, and then an end or silence. */
export type Mishap = 'bytes' | 'torn' | 'half'

/** Milliseconds in which half an event gets through to the page, before the connection breaks. */
const GETS_THROUGH = 50

/** The body of a response, tampered with on its way. */
export class Tap {
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>>
  readonly #source: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>
  readonly #onClose: () => void
  #controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>> | undefined
  #mishap: Mishap | undefined
  #muted = false

  /** `onClose` hears that it is over. */
  constructor(source: ReadableStream<Uint8Array<ArrayBuffer>>, onClose: () => void) {
    this.#source = source.getReader()
    this.#onClose = onClose
    this.body = new ReadableStream({
      start: (controller) => {
        this.#controller = controller
      },
      cancel: () => {
        this.#close()
      },
    })
    this.#pump().catch((error: unknown) => this.drop(error))
  }

  /** Text on the wire as it is. */
  write(text: string): void {
    this.#controller?.enqueue(new TextEncoder().encode(text))
  }

  /** Has something befall the next chunk. */
  tamper(mishap: Mishap): void {
    this.#mishap = mishap
  }

  /** From now on nothing gets through. */
  mute(): void {
    this.#muted = true
  }

  /** Ends in good order. */
  end(): void {
    this.#controller?.close()
    this.#close()
  }

  /** Breaks off in mid-stream. */
  drop(error: unknown = new Error('The stream was dropped.')): void {
    this.#controller?.error(error)
    this.#close()
  }

  /** Breaks off when what was written has got through. */
  async dropSoon(): Promise<void> {
    this.mute()
    await pause(GETS_THROUGH)
    this.drop()
  }

  #close(): void {
    if (this.#controller === undefined) return
    this.#controller = undefined
    this.#source.cancel().catch(() => {})
    this.#onClose()
  }

  async #pump(): Promise<void> {
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- one chunk after the other
      const { done, value } = await this.#source.read()
      if (done) break
      // oxlint-disable-next-line no-await-in-loop
      if (!this.#muted) await this.#pass(value)
    }
    this.end()
  }

  async #pass(chunk: Uint8Array<ArrayBuffer>): Promise<void> {
    const mishap = this.#mishap
    this.#mishap = undefined
    if (mishap === undefined) this.#controller?.enqueue(chunk)
    else if (mishap === 'bytes') {
      for (const byte of chunk) {
        this.#controller?.enqueue(Uint8Array.of(byte))
        // oxlint-disable-next-line no-await-in-loop -- what is written in one turn would be one chunk
        await pause(1)
      }
    } else {
      this.#controller?.enqueue(chunk.slice(0, chunk.length / 2))
      if (mishap === 'half') this.mute()
      else await this.dropSoon()
    }
  }
}
