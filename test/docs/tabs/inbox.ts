// tabs/inbox.ts
import { eventStream } from 'millrace'

/** Shared by the tabs that show this user's inbox, whatever the scope. */
export const inboxOf = (userId: string) => eventStream('/inbox', { key: userId })
