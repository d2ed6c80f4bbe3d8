import {
  type Arbitrary,
  assert,
  constantFrom,
  array,
  property,
  record,
  nat,
  oneof,
  constant,
} from 'fast-check'
import {
  createPool,
  multiplex,
  type ConnectionStatus,
  type Outcome,
  type Trace,
  type Transport,
  type TransportSink,
} from 'millrace'
import { afterEach, expect, test, vi } from 'vitest'
import { fakePage } from '../../packages/client/src/fake-page.test.support.ts'
import { rounds } from '../environment/rounds.ts'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

/** A link that a test holds the other end of. */
interface Wire {
  readonly sink: TransportSink
  readonly offline: boolean
  open: boolean
}

/** Time that moves when it is told, and counts what waits for it. */
function handClock() {
  const timers = new Map<number, { at: number; callback: () => void }>()
  let now = 0
  let last = 0
  return {
    now: () => now,
    random: () => 0.5,
    setTimeout: (callback: () => void, delay: number) => {
      timers.set((last += 1), { at: now + delay, callback })
      return last
    },
    clearTimeout: (timer: unknown) => void timers.delete(timer as number),
    waiting: () => timers.size,
    advance: (milliseconds: number) => {
      const until = now + milliseconds
      for (;;) {
        const due = [...timers].filter(([, { at }]) => at <= until)
        const [first] = due.toSorted(([a, one], [b, two]) => one.at - two.at || a - b)
        if (first === undefined) break
        const [id, { at, callback }] = first
        timers.delete(id)
        now = at
        callback()
      }
      now = until
    },
  }
}

const outcomes: Outcome[] = [
  { kind: 'end' },
  { kind: 'network', cause: undefined },
  { kind: 'unknown' },
  { kind: 'no-content' },
  { kind: 'content-type', contentType: 'text/html' },
  { kind: 'unsupported', need: 'fetch' },
  { kind: 'status', status: 503, retryAfter: '5' },
  { kind: 'status', status: 401, retryAfter: undefined },
  { kind: 'status', status: 404, retryAfter: undefined },
]

type Step = typeof step extends Arbitrary<infer One> ? One : never

const step = oneof(
  { weight: 4, arbitrary: record({ do: constant('read' as const), channel: nat(3) }) },
  { weight: 3, arbitrary: record({ do: constant('leave' as const), which: nat(9) }) },
  { weight: 6, arbitrary: record({ do: constant('open' as const), which: nat(2) }) },
  { weight: 3, arbitrary: record({ do: constant('send' as const), id: nat(5) }) },
  {
    weight: 5,
    arbitrary: record({
      do: constant('close' as const),
      which: nat(2),
      outcome: constantFrom(...outcomes),
    }),
  },
  { weight: 1, arbitrary: record({ do: constant('interrupt' as const), which: nat(2) }) },
  { weight: 1, arbitrary: record({ do: constant('reconnect' as const) }) },
  { weight: 1, arbitrary: record({ do: constant('close-pool' as const) }) },
  {
    weight: 5,
    arbitrary: record({
      do: constant('advance' as const),
      by: constantFrom(0, 1, 500, 1_000, 5_000, 60_000),
    }),
  },
  {
    weight: 4,
    arbitrary: record({
      do: constantFrom('offline', 'online', 'freeze', 'resume', 'hide', 'show', 'comeBack'),
    }),
  },
  { weight: 1, arbitrary: record({ do: constant('cache' as const) }) },
)
const steps = array(step, { minLength: 1, maxLength: 80 })

/** What chance seldom does: the old attempt ends while the one that is to take over is on its way. */
const overtaken = [
  { do: 'read', channel: 1 },
  { do: 'open', which: 0 },
  // Before the server has said where its stream begins, nothing takes over.
  { do: 'send', id: 1 },
  { do: 'read', channel: 2 },
  { do: 'close', which: 0, outcome: { kind: 'end' } },
] satisfies Step[]

const seen = new Set<ConnectionStatus>()
const happened = new Set<Trace['event']>()

test('whatever happens, no timer, socket, listener or holder is left, and nothing connects while it is held', () => {
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  assert(
    property(steps, constantFrom(true, false), (script, shared) => {
      const page = fakePage()
      const clock = handClock()
      const wires: Wire[] = []
      const live = () => wires.filter(({ open }) => open)
      const holds = new Set<string>()
      const transport: Transport = {
        hearsEveryType: true,
        connect: (_, sink) => {
          const wire: Wire = { sink, offline: holds.has('offline'), open: true }
          wires.push(wire)
          return {
            close: () => {
              wire.open = false
            },
            listen: () => {},
          }
        },
      }
      const pool = createPool({
        transport,
        clock,
        openWhenHidden: false,
        hiddenDelay: 100,
        onTrace: ({ event, status }) => {
          happened.add(event)
          seen.add(status)
        },
      })
      const channels = multiplex()
      const stream = pool.stream('https://example.test/', shared ? { channels } : {})
      const readers: (() => void)[] = []
      vi.stubGlobal('queueMicrotask', (task: () => void) => task())

      const told = new Map<string, () => void>([
        ['offline', () => (page.offline(), holds.add('offline'))],
        ['online', () => (holds.delete('offline'), page.online())],
        ['freeze', () => (page.freeze(), holds.add('frozen'))],
        ['resume', () => (holds.delete('frozen'), page.resume())],
        ['cache', () => (page.leave(true), holds.add('cached'))],
        ['comeBack', () => (holds.delete('cached'), page.comeBack())],
        ['hide', () => page.hide()],
        ['show', () => page.show()],
        ['reconnect', () => stream.reconnect()],
        ['close-pool', () => pool.close()],
      ])

      for (const step of script) {
        const wire = 'which' in step ? live()[step.which % Math.max(1, live().length)] : undefined
        if (step.do === 'read') {
          const part = step.channel === 0 ? stream : stream.channel(`c/${step.channel}`)
          readers.push(part.on('message', () => {}))
        } else if (step.do === 'leave') readers.splice(step.which, 1)[0]?.()
        else if (step.do === 'open') wire?.sink.open()
        else if (step.do === 'send') {
          const id = String(step.id)
          const raw = { type: 'message', data: 'x', lastEventId: id, id }
          live()[0]?.sink.active(9, step.id === 0)
          live()[0]?.sink.receive([raw], id)
        } else if (step.do === 'interrupt') wire?.sink.interrupted()
        else if (step.do === 'advance') clock.advance(step.by)
        else if (step.do === 'close') {
          if (wire !== undefined) wire.open = false
          wire?.sink.close(step.outcome)
        } else told.get(step.do)?.()

        const wrong = pool.connections.peek().filter(({ status, holds: held }) => {
          const connects = status === 'connecting' || status === 'open'
          if (connects && held.length > 0) return true
          return shared && (status === 'closed' || status === 'idle') && live().length > 0
        })
        expect(wrong).toEqual([])
        expect(wires.some(({ offline }) => offline)).toBe(false)
        // One for the stream, and one that is to take over; or one for each of the four that are read.
        expect(live().length).toBeLessThanOrEqual(shared ? 2 : 4)
      }
      for (const leave of readers) leave()
      clock.advance(10_000)
      expect(live()).toEqual([])
      expect(clock.waiting()).toBe(0)
      expect(page.listeners()).toBe(0)
      expect(pool.connections.value).toEqual([])
      vi.unstubAllGlobals()
    }),
    { numRuns: rounds(600, 30_000), examples: [[overtaken, true]] },
  )
  expect(seen).toEqual(new Set(['idle', 'connecting', 'open', 'waiting', 'closed']))
  expect(happened).toEqual(
    new Set([
      'start',
      'opened',
      'interrupted',
      'failed',
      'stopped',
      'held',
      'overtaken',
      'due',
      'restart',
      'release',
    ]),
  )
}, 300_000)
