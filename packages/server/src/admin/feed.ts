import { addressOf } from '../address.ts'
import type { Clock } from '../clock.ts'
import { createEventServer } from '../event-server.ts'
import type { EventServer } from '../event-server.ts'
import type { EventServerOptions } from '../options.ts'
import { refuse } from '../refusal.ts'
import type { Session } from '../session.ts'
import { statusOf } from './status.ts'
import type { Watched } from './status.ts'
import { viewOf } from './view.ts'
import type { View } from './view.ts'

/** What a feed is made with. */
export interface FeedOptions {
  readonly watched: Watched
  readonly clock: Clock
  readonly onError: EventServerOptions['onError']
}

// Milliseconds from one status to the next.
const INTERVAL = 1_000
// Milliseconds until a page whose stream has ended asks again.
const RETRY = 500
// Milliseconds after which a page has to ask anew, and is looked at again by whoever lets it in.
const MAX_AGE = 600_000
// Pages that may look at the same time.
const MAX_VIEWERS = 50

/** An event server of its own: tells each page that looks how things stand, once a second, and nobody when none does. */
export function createFeed({ watched, clock, onError }: FeedOptions): EventServer<View> {
  let timer: unknown

  const feed: EventServer<View> = createEventServer<View>({
    clock,
    ...(onError && { onError }),
    maxSessions: MAX_VIEWERS,
    retry: RETRY,
    channels: () => [],
    authorize: (request) => {
      const view = viewOf(addressOf(request))
      return 'because' in view ? refuse(view) : { data: view }
    },
    onConnect: (session) => {
      tell(session)
      timer ??= clock.setTimeout(round, INTERVAL)
    },
    onDisconnect: () => {
      if (feed.sessions.size > 0) return
      clock.clearTimeout(timer)
      timer = undefined
    },
  })

  function round(): void {
    timer = clock.setTimeout(round, INTERVAL)
    const now = clock.now()
    for (const viewer of feed.sessions) {
      if (now - viewer.connectedAt >= MAX_AGE) viewer.close()
      // Who has not read the last one yet gets the next one.
      else if (viewer.backlog === 0) tell(viewer)
    }
  }

  function tell(viewer: Session<View>): void {
    viewer.send({ event: 'status', data: statusOf(watched, viewer.data, clock.now()) })
  }

  return feed
}
