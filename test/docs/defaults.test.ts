// A default is written down up to three times: in the code, in the comment that an editor shows, and in a guide.
import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { entriesOf } from '../../docs/site/reference/reference.ts'

const root = new URL('../../', import.meta.url)
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8')
const names = entriesOf(fileURLToPath(root)).flatMap(({ exported }) => exported)

/** What a package's files say, comments left out. */
const codeOf = (folder: string): string =>
  globSync(`packages/${folder}/src/**/*.ts`, { cwd: root, exclude: ['**/*.test.*'] })
    .map((path) => read(path).replaceAll(/\/\*[^]*?\*\//g, ''))
    .join('\n')
const code = { client: codeOf('client'), server: codeOf('server') }

/** A number as code, a comment or a page has it. */
function numberOf(text = ''): number {
  const [, digits = '', mebi] = /^([\d_,. *]+|Infinity)(MiB)?/.exec(text.replaceAll('`', '')) ?? []
  const factors = digits.replaceAll(/[_,]/g, '').split('*').map(Number)
  return factors.reduce((product, factor) => product * factor) * (mebi ? 1024 * 1024 : 1)
}

/** Of which name; where the code has it; where a guide does. */
const defaults: [string, RegExp, string?, RegExp?][] = [
  ['RetryPolicy.initialDelay', /initialDelay: (1.*),/, 'reconnecting', /`initialDelay` \((.+?) ms/],
  ['RetryPolicy.factor', /factor: (\d),/, 'reconnecting', /`factor` \((.+?)\)/],
  ['RetryPolicy.maxDelay', /maxDelay: (3.*),/, 'reconnecting', /`maxDelay` \((.+?) ms/],
  ['RetryPolicy.jitter', /jitter: (\d),/],
  ['RetryPolicy.maxRetries', /maxRetries: (I.*),/],
  ['RetryPolicy.maxElapsed', /maxElapsed: (I.*),/],
  ['RetryPolicy.resetAfter', /resetAfter: (\d.*),/, 'reconnecting', /\(`resetAfter`, (.+?) ms\)/],
  [
    'ConnectOptions.heartbeatTimeout',
    /DEFAULT_HEARTBEAT_TIMEOUT = (.+)/,
    'reconnecting',
    /`heartbeatTimeout` \((.+?) ms/,
  ],
  ['ConnectOptions.linger', /linger: (\d.*),/, 'frameworks', /lingers \((.+?) ms\)/],
  ['ConnectOptions.hiddenDelay', /hiddenDelay: (\d.*),/],
  [
    'ConnectOptions.maxEventSize',
    /DEFAULT_MAX_EVENT_SIZE = (.+)/,
    'high-rate',
    /`maxEventSize` \((.+?) characters/,
  ],
  ['StreamOptions.buffer', /buffer: (\d.*),/, 'token-streams', /`buffer`, (.+?) characters/],
  ['HistoryOptions.limit', /limit = (\d+)/],
  [
    'EventServerOptions.maxBacklog',
    /DEFAULT_MAX_BACKLOG = (.+)/,
    'server',
    /\| `maxBacklog` .*; (.+?) *\|/,
  ],
  [
    'EventServerOptions.maxChannels',
    /DEFAULT_MAX_CHANNELS = (.+)/,
    'server',
    /\| `maxChannels` .*; (.+?) *\|/,
  ],
  ['ServeOptions.grace', /grace = (\S+)/, 'server', /\(`grace`, (.+?) ms\)/],
]

test.each(defaults)('the default of %s is what is said', (name, inCode, page, inPage) => {
  const [owner, member] = name.split('.')
  const source = /^(?:EventServer|Serve)/.test(name) ? code.server : code.client
  const found = names
    .find((one) => one.name === owner)
    ?.members.find(({ signature }) => RegExp(`^readonly ${member}\\b`).test(signature))
  const [, inComment] =
    /(?:Defaults to|Without it,) (\S+(?: MiB)?)/.exec(found?.doc?.text ?? '') ?? []
  const [, meant] = inCode.exec(source) ?? []
  expect(numberOf(meant)).toBeGreaterThan(0)
  expect(numberOf(inComment)).toBe(numberOf(meant))
  if (!page || !inPage) return
  const [, said] = inPage.exec(read(`docs/${page}.md`)) ?? []
  expect(numberOf(said)).toBe(numberOf(meant))
})
