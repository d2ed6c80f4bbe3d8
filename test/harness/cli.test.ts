import { parseRecording } from '@millrace/testing'
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { startLiveServer } from '../environment/live-server.ts'
import { until } from '../environment/until.ts'

const script = fileURLToPath(new URL('../../packages/testing/src/timeline/cli.ts', import.meta.url))

test('millrace-record writes a live stream as it comes, and Ctrl-C ends it cleanly', async () => {
  const { events, url, open, close } = await startLiveServer()
  const child = spawn(process.execPath, ['--conditions=millrace-source', script, url])
  const texts = { said: '', complained: '' }
  child.stdout.on('data', (chunk) => (texts.said += String(chunk)))
  child.stderr.on('data', (chunk) => (texts.complained += String(chunk)))
  const exit = new Promise((resolve) => child.on('close', resolve))
  await until(() => open() === 1 && texts.said.includes('connected'))
  await events.broadcast({ event: 'tick', data: { price: 42 }, id: '7' })
  await until(() => texts.said.includes('42'))
  child.kill('SIGINT')
  expect([await exit, texts.complained]).toEqual([0, ''])
  await until(() => open() === 0)
  expect(parseRecording(texts.said)).toMatchObject([
    { raw: ': connected\n\n' },
    { raw: 'id: 7\nevent: tick\ndata: {"price":42}\n\n' },
  ])
  await close()
})
