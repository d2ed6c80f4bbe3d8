import type { Refusal } from '../refusal.ts'

/** What the sessions can be sorted by. */
const SORT_KEYS = [
  'clientId',
  'channels',
  'remoteAddress',
  'userAgent',
  'connectedAt',
  'sent',
  'backlog',
] as const

export type SortKey = (typeof SORT_KEYS)[number]

/** Which of the sessions are looked at, and in which order. */
export interface View {
  readonly offset: number
  readonly limit: number
  readonly sort: SortKey
  readonly descending: boolean
}

const DEFAULT_LIMIT = 50
const MAX_LIMIT = 500

/** The view that an address asks for (`?offset=50&limit=50&sort=-backlog`), or why there is none. */
export function viewOf({ searchParams }: URL): View | Refusal {
  const offset = wholeNumber(searchParams.get('offset') ?? '0')
  const limit = wholeNumber(searchParams.get('limit') ?? String(DEFAULT_LIMIT))
  const [, minus, name] = /^(-?)(.+)$/.exec(searchParams.get('sort') ?? 'connectedAt') ?? []
  const sort = SORT_KEYS.find((key) => key === name)
  if (offset === undefined) return wrong('offset', 'Give a whole number, 0 or more')
  if (limit === undefined || limit < 1 || limit > MAX_LIMIT) {
    return wrong('limit', `Give a whole number from 1 to ${MAX_LIMIT}`)
  }
  if (!sort)
    return wrong(
      'sort',
      `Give one of ${SORT_KEYS.join(', ')}, with a - before it for the most first`,
    )
  return { offset, limit, sort, descending: minus === '-' }
}

function wholeNumber(text: string): number | undefined {
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined
}

function wrong(param: string, remedy: string): Refusal {
  return {
    status: 400,
    because: `Cannot show the sessions: ${param} is not understood. ${remedy}.`,
  }
}
