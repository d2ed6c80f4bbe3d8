// Runs before the tests: what they need beyond npm's packages is found, or installed, or named in one error.
import { ensureChromium } from './chromium.ts'
import { ensureRedis } from './redis.ts'

try {
  ensureChromium()
  ensureRedis()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
