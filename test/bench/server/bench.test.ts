import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

test(
  'in every scenario each server has each message arrive once, in order',
  { timeout: 60_000 },
  async () => {
    const bench = fileURLToPath(new URL('bench.ts', import.meta.url))
    const flags = ['--conditions=millrace-source', '--no-warnings']
    const { stdout } = await promisify(execFile)(process.execPath, [...flags, bench, '--short'])
    expect(stdout).toMatch(/^All arrived, once and in order, in \d+ runs\.$/m)
  },
)
