import type { IncomingMessage, ServerResponse } from 'node:http'
import { toNodeHandler } from '@millrace/server/node'
import { labFaults, labUrl, type LabFault } from '../../wire/faults.ts'
import { answerJson, answerText, pathnameOf, queryOf, type Route } from '../route.ts'
import { ELSEWHERE } from './answers.ts'
import { Lab, type LabOptions } from './lab.ts'

/** Milliseconds after which a lab is closed that nobody reads. */
const FORGOTTEN = 60_000

/** Labs that can be open at a time. */
const MOST = 50

/** Streams to be broken, one for each page that asks: `/faults/events?lab=…`, and `POST /faults/inflict`. */
export function openFaultLabs(options: LabOptions): Route {
  const labs = new Map<string, Lab>()
  const timers = new Map<string, NodeJS.Timeout>()

  async function close(id: string): Promise<void> {
    clearTimeout(timers.get(id))
    timers.delete(id)
    const lab = labs.get(id)
    labs.delete(id)
    await lab?.close()
  }

  /** Closes a lab when nobody has come for a while. */
  function watch(id: string): void {
    clearTimeout(timers.get(id))
    const look = () => {
      if (labs.get(id)?.clients.length) watch(id)
      else void close(id)
    }
    timers.set(id, setTimeout(look, FORGOTTEN))
  }

  function labOf(id: string): Lab | undefined {
    const known = labs.get(id)
    if (known === undefined && labs.size >= MOST) return undefined
    const lab = known ?? new Lab(options)
    labs.set(id, lab)
    watch(id)
    return lab
  }

  function handle(request: IncomingMessage, response: ServerResponse): boolean {
    const pathname = pathnameOf(request)
    const query = queryOf(request)
    if (pathname === ELSEWHERE) {
      answerText(response, 200, 'Something, but not for pages of other origins.')
      return true
    }
    if (!/^\/faults\/(events|inflict)$/.test(pathname)) return false
    const lab = labOf(query.get('lab') ?? '')
    if (lab === undefined) answerText(response, 503, 'Cannot open a lab: there are too many.')
    else if (pathname === '/faults/inflict' && request.method !== 'POST') {
      response.setHeader('allow', 'POST')
      answerText(response, 405, 'Cannot inflict a fault: that is a POST.')
    } else if (pathname === '/faults/inflict') inflict(lab, request, response)
    // Who rejects hangs up.
    else toNodeHandler(lab)(request, response, () => response.destroy())
    return true
  }

  return {
    handle,
    close: async () => {
      await Promise.all([...labs.keys()].map(close))
    },
  }
}

/** Without a fault it mends. */
function inflict(lab: Lab, request: IncomingMessage, response: ServerResponse): void {
  const query = queryOf(request)
  const fault = query.get('fault')
  const seed = Number(query.get('seed') ?? 1)
  if (fault !== null && !Object.hasOwn(labFaults, fault)) {
    answerText(response, 400, `Cannot inflict ${fault}: there is no such fault.`)
  } else if (!Number.isSafeInteger(seed)) {
    answerText(response, 400, 'Cannot inflict a fault: its seed is no whole number.')
  } else {
    const stream = labUrl(query.get('lab') ?? '')
    const url = URL.parse(stream, `http://${request.headers.host}`)?.href ?? stream
    const done = fault === null ? lab.mend() : lab.inflict(fault as LabFault, { url, seed })
    // What is newer than that was published after the fault.
    void done.then(() => answerJson(response, { seq: lab.seq }))
  }
}
