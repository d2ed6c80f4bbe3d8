// testing/record.ts
import { formatRecording, record } from '@millrace/testing'
import { writeFile } from 'node:fs/promises'

export async function recordPrices(url: string, file: string): Promise<void> {
  const recording = await record(url, { events: 100, duration: 60_000 })
  await writeFile(file, formatRecording(recording))
}
