// auth/cookie.ts
import { eventStream } from 'millrace'

// Of the page's own origin: cookies travel by themselves.
export const inbox = eventStream('/inbox')

// Of another: they have to be asked for, and its CORS has to allow credentials for this origin.
export const alerts = eventStream('https://api.example.com/alerts', { credentials: 'include' })
