// Runs before the tests: what they need beyond npm's packages is found, or installed, or named in one error.
import { ensureChromium } from './chromium.ts'

try {
  ensureChromium()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
