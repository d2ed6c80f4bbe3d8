// servers/mercure.ts
import { eventStream, json } from 'millrace'

interface Book {
  readonly '@id': string
  readonly title: string
}

const topics = ['https://example.com/books/{id}', 'https://example.com/users/ann']
const query = new URLSearchParams(topics.map((topic) => ['topic', topic]))

export const updates = eventStream(`/.well-known/mercure?${query}`, {
  credentials: 'include', // the cookie that says what this subscriber may hear
  lastEventIdParam: 'lastEventID',
  events: { message: json<Book>() },
})
