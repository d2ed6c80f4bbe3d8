import { read, type Task } from './read.ts'

declare global {
  /** What the page is asked to do. */
  // oxlint-disable-next-line no-var -- only that declares a global
  var readTask: (task: Task) => Promise<void>
}

globalThis.readTask = read
