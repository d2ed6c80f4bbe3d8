// hosts/route.ts
import { events } from './events.ts'

export const GET = (request: Request): Promise<Response> => events.fetch(request)
