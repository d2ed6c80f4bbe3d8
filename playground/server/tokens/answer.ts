/** An answer and the word in a question that calls for it. */
interface Answer {
  readonly about: RegExp
  readonly text: string
}

const answers: readonly Answer[] = [
  {
    about: /mill|race|name|wheel/i,
    text: `A millrace is the channel that leads the water of a river to the wheels of a mill. The river may rise and fall; what reaches the wheels is one swift stream, and as many wheels as you like can turn in it. That is the idea: one connection, and any number of components that it drives. Nobody digs a canal for each wheel.`,
  },
  {
    about: /websocket|socket|poll/i,
    text: `A WebSocket talks both ways and leaves the rest to you: coming back after a break, going on from where you were, passing through proxies. Server-Sent Events are an ordinary HTTP response that does not end. They have ids, so that nothing is lost when the line breaks; they are compressed, logged, authorised and balanced like everything else that you serve. If the browser has little to say and much to hear, they are the simpler tool. If it has much to say, take the WebSocket.`,
  },
  {
    about: /break|lost|lose|retry|reconnect|fail|again/i,
    text: `It depends on what you asked for. A feed is asked for again by itself, from the last event that was heard, and the server sends what was missed. An answer like this one is different: asking twice may cost twice, and the second answer need not go on where the first one stopped. So it is sent once. If it breaks off, you see what came, you are told that there is more that did not, and only you can send it again.`,
  },
]

const general = `A stream of events is a response that takes its time. The server writes a few lines for each event, a blank line behind them, and goes on when it has more to say; the browser hands each one on as it comes. For an answer that is made word by word there is no better fit: you read the first word long before the last one is known. This answer comes from a few paragraphs that the playground keeps; no model was asked.`

/** The tokens of the answer: its words, each with the space behind it. */
export function answerTo(question: string): readonly string[] {
  const text = answers.find(({ about }) => about.test(question))?.text ?? general
  return text.split(/(?<=\s)/)
}
