import { beforeAll, expect, test } from 'vitest'
import { originRules, type Origins } from './origin-rules.ts'
import { connect, type TransportHost } from './transport-client.ts'

/** Every fact about origins that holds of a transport in a page. */
export function originContract(host: TransportHost): void {
  let origins: Origins
  beforeAll(async () => {
    const response = await fetch(`${host.origin()}/wire/elsewhere`)
    const { port } = (await response.json()) as { port: number }
    const home = location.origin
    // Another port of the same site: a cookie of the page is one of the other origin as well.
    origins = { home, elsewhere: `${location.protocol}//${location.hostname}:${port}` }
    document.cookie = 'who=me'
  })

  const rules = originRules.filter(
    ({ hears, except }) => (hears === 'both' || !host.native) && except?.[host.name] === undefined,
  )
  for (const rule of rules) {
    test(`${host.name}: ${rule.name}`, async () => {
      const { heard, until, link, log } = await connect(host, rule.answers(origins), {
        at: origins[rule.at],
        request: rule.request ?? {},
      })
      await until(() => heard.told.length > 0)
      const { seen, preflights } = await log()
      link.close()
      const failure = host.native ? 'unknown' : 'network'
      const cookies = seen.map(({ headers }) => headers['cookie']?.includes('who=me') ?? false)
      expect({
        opens: heard.opens === 1,
        outcome: heard.outcome?.kind,
        cookies: rule.cookie === undefined ? undefined : cookies,
        preflights: preflights.length,
      }).toEqual({
        opens: rule.opens,
        outcome: rule.opens ? undefined : failure,
        cookies: rule.cookie === undefined ? undefined : [rule.cookie],
        preflights: host.native ? 0 : (rule.preflights ?? 0),
      })
    })
  }
}
