// auth/cookie.ts
import { eventStream } from 'millrace'

// The page's own origin: cookies are sent by themselves.
export const inbox = eventStream('/inbox')

// Another origin: ask for them, and have its CORS allow credentials for this page.
export const alerts = eventStream('https://api.example.com/alerts', { credentials: 'include' })
