import { eventStream, json, type Stream } from 'millrace'
import { DONE, type Question, type Token } from '../../wire/tokens.ts'
import { pool } from '../pool.ts'

/** An answer on its way. */
export type Chat = Stream<{ message: Token }>

/** Asks, once it is read: each handle is a request of its own, which nothing sends again by itself. */
export function ask(question: Question): Chat {
  return eventStream('/tokens/answer', {
    pool,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(question),
    events: { message: json<Token>() },
    doneWhen: (event) => event.data === DONE,
    // An answer that stops coming is not waited for longer than this.
    heartbeatTimeout: 20_000,
    // Who presses stop means now.
    linger: 0,
  })
}
