// redis/health.ts
import { provider } from './events.ts'

export function health(): Response {
  const { status, since, error } = provider.state
  const why = { status, since: new Date(since), error: error?.message }
  return Response.json(why, { status: status === 'ready' ? 200 : 503 })
}
