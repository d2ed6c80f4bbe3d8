let moves = 0
let answersDue = 0
const unread = new Set<object>()

/** Counts what moves between clients and fakes; while it moves, nothing is delivered for good. */
export function noteMove(): void {
  moves += 1
}

/** How much has moved so far. */
export function movesSoFar(): number {
  return moves
}

/** Counts a request as moving until it has its answer, however long `authorize` thinks. */
export async function whileAnswering<Answer>(answer: () => Promise<Answer>): Promise<Answer> {
  answersDue += 1
  noteMove()
  try {
    return await answer()
  } finally {
    answersDue -= 1
    noteMove()
  }
}

/** Whether a request waits for its answer. */
export function isAnswering(): boolean {
  return answersDue > 0
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
