/** Waits for a fact, turn by turn of the event loop; the test's own time limit is the only clock. */
export async function until(fact: () => boolean): Promise<void> {
  while (!fact()) {
    // oxlint-disable-next-line no-await-in-loop
    await new Promise((resolve) => setImmediate(resolve))
  }
}
