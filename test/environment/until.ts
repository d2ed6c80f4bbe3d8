/** Longer than what is under way within a process takes. */
const PATIENCE = 1_000

// The real one, whatever timers are faked later.
const { setTimeout: wake } = globalThis

/**
 * Waits for a fact, turn by turn of the event loop; the test's own time limit is the only clock. What takes many turns
 * comes from another process: from then on it is left the processor between two looks.
 */
export async function until(fact: () => boolean): Promise<void> {
  for (let turn = 0; !fact(); turn += 1) {
    // oxlint-disable-next-line no-await-in-loop
    await new Promise((resolve) => (turn < PATIENCE ? setImmediate(resolve) : wake(resolve, 1)))
  }
}
