// reconnecting/resume.ts
import { eventStream } from 'millrace'

// The page was rendered with all that had happened up to this id.
const rendered = document.querySelector<HTMLElement>('[data-last-event-id]')?.dataset['lastEventId']

export const news = eventStream('/news', { initialLastEventId: rendered })

// Where nothing is rendered on a server: a reload goes on from where the page was.
export const log = eventStream('/log', { resume: sessionStorage })
