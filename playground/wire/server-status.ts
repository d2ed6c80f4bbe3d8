/** What the server of a stream says of itself at `…/status`. */
export interface ServerStatus {
  /** Whether it answers requests for the stream. */
  readonly answering: boolean
  /** The requests for the stream that are open now, counted by their URL. */
  readonly connections: readonly { readonly url: string; readonly open: number }[]
  /** How many events it has published. */
  readonly published: number
}

/** What can be done to the server of a stream: `POST …/faults/…`. */
export type Fault = 'stop' | 'drop' | 'restore'
