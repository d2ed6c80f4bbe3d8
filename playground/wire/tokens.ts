/** What is asked: the body of `POST /tokens/answer`. */
export interface Question {
  readonly question: string
  readonly trouble: Trouble
}

/** What is to go wrong with the answer. */
export type Trouble = 'none' | 'break' | 'silence' | 'refuse'

/** The payload of a `message` event. */
export interface Token {
  readonly token: string
}

/** What the last event says, in the place of a token. */
export const DONE = '[DONE]'
