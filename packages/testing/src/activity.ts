interface Due {
  awaited: boolean
}

let moves = 0
const due = new Set<Due>()
const unread = new Set<object>()

/** Counts what moves between clients and fakes; while it moves, nothing is delivered for good. */
export function noteMove(): void {
  moves += 1
}

/** How much has moved so far. */
export function movesSoFar(): number {
  return moves
}

/** Counts a request as one that waits for its answer, until it has it or is given up. */
export async function whileAnswering<Answer>(answer: () => Promise<Answer>): Promise<Answer> {
  const own = { awaited: true }
  due.add(own)
  noteMove()
  try {
    return await answer()
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
  if (isUnread) unread.add(reader)
  else unread.delete(reader)
}

/** Whether a reader has yet to come back for more. */
export function isUnread(): boolean {
  return unread.size > 0
}
