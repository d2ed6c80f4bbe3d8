import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** What a bench says of a short run, in which it times nothing; rejects where anything was counted wrong. */
export async function inShort(bench: URL): Promise<string> {
  const flags = ['--conditions=millrace-source', '--no-warnings']
  const args = [...flags, fileURLToPath(bench), '--short']
  // Pages are built for production, whoever builds them.
  const env = { ...process.env, NODE_ENV: 'production' }
  const { stdout } = await promisify(execFile)(process.execPath, args, { env })
  return stdout
}
