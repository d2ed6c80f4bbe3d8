import { FIELD } from './entry.ts'

/** What is appended together, or not at all. */
export interface Append {
  readonly key: string
  /** An entry that was there before the batch was first sent: if it is in the stream, it comes after this one. */
  readonly since: string
  /** Names the batch, at every attempt the same. */
  readonly batch: string
  /** Never used before. */
  readonly mark: string
  /** How many entries the stream keeps, about. */
  readonly count: number
  /** Milliseconds an entry is kept, about. */
  readonly ttl?: number | undefined
  readonly messages: readonly string[]
}

/** What became of it. */
export interface Appended {
  /** `unknown`: what stood after `since` has been trimmed, so nobody can tell whether the batch was there. */
  readonly outcome: 'appended' | 'unknown'
  /** Of the entries of the batch: that of the attempt which succeeded. */
  readonly mark: string
  /** The number of the first of them. */
  readonly first: number
  /** The id of the newest entry of the stream. */
  readonly newest: string
}

// One script, so that nothing comes in between: Redis runs it whole.
//
// An attempt whose answer was lost may be in the stream when it is sent again, and it may still arrive after it was sent
// again: so every attempt looks for its batch first, among what was appended since it was first sent. That is little.
//
// Ids grow even where the clock of a new master is behind, and leave what this process has seen behind them: who waits
// for what comes after an id that was lost hears of what comes instead.
const SCRIPT = `
local stream, since, batch, mark = KEYS[1], ARGV[1], ARGV[2], ARGV[3]
local count, ttl = tonumber(ARGV[4]), tonumber(ARGV[5])

local function parts(id)
  local time, n = string.match(id, '^(%d+)-(%d+)$')
  return tonumber(time), tonumber(n)
end

local function idOf(time, n)
  return string.format('%.0f-%.0f', time, n)
end

local function field(entry, name)
  for at = 1, #entry[2], 2 do
    if entry[2][at] == name then return entry[2][at + 1] end
  end
end

local function isBefore(id, other)
  local time, n = parts(id)
  local otherTime, otherN = parts(other)
  return time < otherTime or (time == otherTime and n < otherN)
end

local function find()
  local from = '(' .. since
  while true do
    local page = redis.call('XRANGE', stream, from, '+', 'COUNT', 100)
    for _, entry in ipairs(page) do
      if field(entry, '${FIELD.batch}') == batch then return entry end
    end
    if #page < 100 then return nil end
    from = '(' .. page[100][1]
  end
end

local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local newest = redis.call('XREVRANGE', stream, '+', '-', 'COUNT', 1)[1]
local sinceTime, sinceN = parts(since)
if not newest then
  redis.call('DEL', stream)
  newest = { idOf(math.max(now, sinceTime + 1), 0) }
  redis.call('XADD', stream, newest[1], '${FIELD.mark}', mark)
elseif not field(newest, '${FIELD.mark}') then
  return redis.error_reply('FOREIGN the stream holds entries that are not of this library')
end

local time, n = parts(newest[1])
if #ARGV == 5 then
  -- Nothing to look for.
elseif isBefore(newest[1], since) then
  now = math.max(now, sinceTime + 1)
elseif newest[1] ~= since then
  local oldest = redis.call('XRANGE', stream, '-', '+', 'COUNT', 1)[1][1]
  local _, oldestN = parts(oldest)
  local trimmed = oldestN > 0 and oldestN ~= sinceN + 1
  if trimmed and isBefore(since, oldest) then return { 'unknown', mark, '0', newest[1] } end
  local found = find()
  if found then
    local _, first = parts(found[1])
    return { 'appended', field(found, '${FIELD.mark}'), string.format('%.0f', first), newest[1] }
  end
end

time = math.max(time, now)
local id = newest[1]
for at = 6, #ARGV do
  id = idOf(time, n + at - 5)
  redis.call('XADD', stream, id, '${FIELD.mark}', mark, '${FIELD.batch}', batch, '${FIELD.message}', ARGV[at])
end
redis.call('XTRIM', stream, 'MAXLEN', '~', count)
if ttl > 0 then
  -- The newest stays, however old: it says where the order stands.
  redis.call('XTRIM', stream, 'MINID', '~', idOf(math.min(now - ttl, (parts(id))), 0))
end
return { 'appended', mark, string.format('%.0f', n + 1), id }
`

/** The command that appends; without messages it makes sure that there is a stream, and that it can be written. */
export function appendCommand(append: Append): string[] {
  const { key, since, batch, mark, count, ttl = 0, messages } = append
  return ['EVAL', SCRIPT, '1', key, since, batch, mark, String(count), String(ttl), ...messages]
}

/** Reads what it answers. */
export function parseAppended(reply: unknown): Appended {
  const [outcome, mark, first, newest] = (reply as unknown[]).map(String)
  return { outcome, mark, first: Number(first), newest } as Appended
}
