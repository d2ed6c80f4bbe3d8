interface Due {
  awaited: boolean
}

interface Stranger {
  readonly number: number
}

/** Waits for something without anybody's waiting for the answer that comes after it. */
export type Unawaited = <Result>(wait: () => Promise<Result>) => Promise<Result>

let moves = 0
const due = new Set<Due>()
const unread = new Set<object>()
const travelling = new Set<object>()
const returning = new Set<object>()
const strangers = new Set<Stranger>()

/** Counts what moves between clients and fakes; while it moves, nothing is delivered for good. */
export function noteMove(): void {
  moves += 1
}

/** How much has moved so far. */
export function movesSoFar(): number {
  return moves
}

/** Counts a request as one that waits for its answer, until it has it or is given up. */
export async function whileAnswering<Answer>(
  answer: (unawaited: Unawaited) => Promise<Answer>,
): Promise<Answer> {
  const own = { awaited: true }
  due.add(own)
  noteMove()
  try {
    return await answer(async (wait) => {
      own.awaited = false
      noteMove()
      try {
        return await wait()
      } finally {
        own.awaited = true
        noteMove()
      }
    })
  } finally {
    due.delete(own)
    noteMove()
  }
}

/** Whether a request waits for its answer, and has not been given up. */
export function isAnswering(): boolean {
  for (const { awaited } of due) if (awaited) return true
  return false
}

/** Gives up the requests that wait now: nobody waits for their answers any more, though they may come. */
export function giveUpAnswers(): void {
  for (const own of due) own.awaited = false
}

/** Tells whether what was written to this reader has been read, and read further. */
export function noteUnread(reader: object, isUnread: boolean): void {
  note(unread, reader, isUnread)
}

/** Whether a reader has yet to come back for more. */
export function isUnread(): boolean {
  return unread.size > 0
}

/** Tells whether something is on its way to a client, or from it, and will arrive by itself. */
export function noteTravelling(client: object, isTravelling: boolean): void {
  note(travelling, client, isTravelling)
}

/** Whether something is on its way that will arrive by itself. */
export function isTravelling(): boolean {
  return travelling.size > 0
}

/** Gives up what is on its way now. */
export function giveUpTravelling(): void {
  travelling.clear()
}

/** Tells whether a client will ask again, in a time that nobody can move. */
export function noteReturning(client: object, isReturning: boolean): void {
  note(returning, client, isReturning)
}

/** Whether a client will ask again by itself. */
export function isReturning(): boolean {
  return returning.size > 0
}

/** Tells whether this is a client of which nobody can know what it has. */
export function noteStranger(client: Stranger, isStranger: boolean): void {
  note(strangers, client, isStranger)
}

/** A client of which nobody can know what it has. */
export function someStranger(): Stranger | undefined {
  const [stranger] = strangers
  return stranger
}

function note<Thing>(set: Set<Thing>, thing: Thing, isOne: boolean): void {
  if (set.has(thing) === isOne) return
  noteMove()
  if (isOne) set.add(thing)
  else set.delete(thing)
}
