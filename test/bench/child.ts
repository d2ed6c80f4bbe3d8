import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { bundleProgram } from '../environment/bundle-program.ts'

/** Starts a file of the bench as a process of its own. */
export async function startChild(
  file: URL,
  {
    args = [],
    flags = [],
  }: { readonly args?: readonly string[]; readonly flags?: readonly string[] },
): Promise<ChildProcess> {
  return fork(await bundleProgram(file), args, { execArgv: ['--no-warnings', ...flags] })
}

/** What makes Node write a processor profile into the folder, at its exit. */
export function profiling(folder: string | undefined): readonly string[] {
  return folder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`]
}

/** The next message of a process; rejects where it ends instead. */
export async function told<Message>(child: ChildProcess): Promise<Message> {
  const gone = once(child, 'exit').then(([code]) => {
    throw new Error(`Cannot measure: a process of the bench has ended by itself (${String(code)}).`)
  })
  const [message] = (await Promise.race([once(child, 'message'), gone])) as [Message]
  gone.catch(() => {})
  return message
}
