// token-streams/loop.ts
import { StreamError } from 'millrace'
import { ask } from './chat.ts'

export async function answer(question: string, signal: AbortSignal): Promise<string> {
  let text = ''
  try {
    for await (const { data } of ask(question).events('message', { signal })) text += data.token
  } catch (error) {
    if (error instanceof StreamError && error.code === 'interrupted') return `${text} […]`
    throw error
  }
  return text
}
