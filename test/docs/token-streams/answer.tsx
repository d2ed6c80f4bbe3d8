// token-streams/answer.tsx
import { useEventStream, useStreamStatus } from 'millrace/react'
import { useState } from 'react'
import { ask } from './chat.ts'

export function Answer({ question }: { question: string }) {
  const [chat] = useState(() => ask(question))
  const answer = useEventStream(chat, {
    reducer: (text, { data }) => text + data.token,
    initialValue: '',
  })
  return <article aria-busy={useStreamStatus(chat) !== 'closed'}>{answer}</article>
}
