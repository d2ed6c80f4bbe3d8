import { createEventServer } from '@millrace/server'
import type { EventServer, EventServerError, EventServerOptions } from '@millrace/server'
import { redisProvider } from '@millrace/server/redis'
import type { RedisProvider, RedisProviderOptions } from '@millrace/server/redis'
import { createClient } from 'redis'
import { Watch } from '../environment/watch.ts'

/** A process of its own, as far as Redis can tell. */
export interface TestProcess {
  readonly provider: RedisProvider
  readonly events: EventServer
  /** What its server reported. */
  readonly errors: EventServerError[]
  /** Each status it went through. */
  readonly statuses: string[]
  readonly is: (status: RedisProvider['state']['status']) => Promise<void>
}

/** How a process is started. */
export type ProcessOptions = Omit<RedisProviderOptions, 'client'> & {
  readonly url: string
  readonly server?: EventServerOptions
}

/** Starts a process; `close` its server in the end. */
export function startProcess({ url, server, ...options }: ProcessOptions): TestProcess {
  const errors: EventServerError[] = []
  const statuses: string[] = []
  const watch = new Watch()
  const provider = redisProvider({
    client: createClient({ url }),
    onState: ({ status }) => {
      statuses.push(status)
      watch.tell()
    },
    ...options,
  })
  const events = createEventServer({
    ...server,
    provider,
    onError: (error) => void errors.push(error),
  })
  const is: TestProcess['is'] = (status) => watch.until(() => provider.state.status === status)
  return { provider, events, errors, statuses, is }
}
