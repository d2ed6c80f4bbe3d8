import { signal, type ReadonlySignal, type Signal } from '@preact/signals-core'
import { guarded } from '../errors.ts'
import { together } from '../together.ts'
import type { Elsewhere, Outcome, TransportSink } from '../transport/transport.ts'
import { Attempt } from './attempt.ts'
import { createCursor, type Cursor } from './cursor.ts'
import { transition, type ConnectionEvent, type ConnectionStatus } from './machine.ts'
import { errorOf } from './outcome-error.ts'
import { followPage, type Hold } from './page.ts'
import type { ConnectionOptions } from './policy.ts'
import { Repeats } from './repeats.ts'
import { decide, noFailures, NOW, type Decision } from './retry.ts'
import {
  createCounters,
  idleState,
  snapshots,
  type ConnectionSnapshot,
  type ConnectionState,
  type Counters,
} from './snapshot.ts'
import { Wait } from './wait.ts'

/** Milliseconds for which a connection counts as open while it passes from one tab to another. */
const HANDOVER = 1_000

/** One connection: it drives the machine of `machine.ts`, and does what the policy of `retry.ts` says. */
export class Connection {
  readonly state: ReadonlySignal<ConnectionState>
  readonly snapshot: ReadonlySignal<ConnectionSnapshot>
  readonly #options: ConnectionOptions
  readonly #state: Signal<ConnectionState> = signal(idleState)
  readonly #counters: Counters
  readonly #cursor: Cursor
  readonly #repeats: Repeats
  readonly #holds = new Set<Hold>()
  /** For the next attempt, or for the next successor. */
  readonly #wait: Wait
  #unfollow: (() => void) | undefined
  #attempt: Attempt | undefined
  /** The attempt that is to take over from the one in use. */
  #successor: Attempt | undefined
  /** Somebody asked for a swap that could not be made at once. */
  #swapDue = false
  #serverDelay: number | undefined
  #streak = noFailures
  /** That of the attempts to take over: what is in use has nothing to do with their failures. */
  #swapStreak = noFailures
  /** The status that the last attempt was refused with. */
  #refusedWith: number | undefined
  /** It has been open before, so that events may have passed unheard since. */
  #reopens = false
  #released = false

  constructor(options: ConnectionOptions) {
    this.#options = options
    const { clock, cursor } = options
    this.#wait = new Wait(clock, () => this.#due())
    this.#cursor = createCursor({ ...cursor, clock })
    this.#repeats = new Repeats(options.relabels)
    this.#counters = createCounters(clock)
    this.state = this.#state
    this.snapshot = snapshots(this.#state, this.#counters, this.#cursor)
  }

  /** The cursor. */
  get lastEventId(): string {
    return this.#cursor.value
  }

  get #status(): ConnectionStatus {
    return this.#state.peek().status
  }

  /** Whether only `restart` would open it again. */
  get finished(): boolean {
    const { status, reason } = this.#state.peek()
    return status === 'closed' && (this.#options.once || reason === 'ended')
  }

  /** Somebody would have it start here: before its first attempt, or its `next`, and where nobody knows better. */
  seed(lastEventId: string, next = false): void {
    if (next || this.#counters.attempts === 0) this.#cursor.value ||= lastEventId
  }

  /** Somebody wants it: opens it, or ends its wait. A stream that the server has ended stays ended. */
  start(): void {
    if (this.#released || this.finished) return
    const status = this.#status
    // Where it waits for nothing, the transport reconnects by itself, or something holds it.
    if (status === 'waiting') return this.#wait.hurry(true)
    this.#follow()
    this.#streak = noFailures
    // Whoever asks a server again and again that has just refused is not let through at once.
    const left = status === 'closed' ? this.#wait.left(true) : 0
    if (left === 0) return this.#enter('start')
    this.#enter('start', { retryAt: this.#options.clock.now() + left }, true)
    if (this.#holds.size === 0) this.#wait.resume(true)
  }

  /** A fresh attempt now, whatever is under way. */
  restart(): void {
    if (this.#released) return
    this.#streak = noFailures
    this.#follow()
    this.#enter('restart')
  }

  /**
   * Moves to a request that asks for something else, without a break: the old attempt is read until the new one is
   * open, which starts at the cursor; what both bring is known again.
   */
  swap(): void {
    const status = this.#status
    // What is sent only once goes on as it was asked for.
    if (this.#released || this.#options.once || !(this.#attempt ?? this.#successor)) return
    if (status === 'open' && this.#successor === undefined) {
      // One that failed is tried again, with the newest request; no sooner because somebody wants yet another.
      if (this.#wait.waiting) return this.#wait.hurry(true)
      const left = this.#attempt?.unsettled() ?? 0
      this.#swapDue = left > 0
      if (this.#swapDue) return this.#wait.begin({ delay: left, shortest: left, floor: 0 })
      this.#successor = this.#newAttempt()
      this.#successor.begin()
    } else if (status === 'waiting') {
      // The transport is about to reconnect by itself, to the old request.
      this.#enter('restart')
    } else {
      this.#swapDue = true
    }
  }

  /** There is to be no more: the server has said so (`ended`), or nobody wants it (`caller`). */
  close(reason: 'ended' | 'caller'): void {
    this.#stop({ reason, error: undefined, ...NOW })
  }

  /** Nobody wants it any more, ever. */
  release(): void {
    this.#released = true
    this.#unfollow?.()
    this.#cursor.save()
    this.#enter('release', { reason: 'caller' })
  }

  /** Has the transport hear these event types too. */
  listen(types: Iterable<string>): void {
    this.#attempt?.listen(types)
    this.#successor?.listen(types)
  }

  /** From the first attempt on, what the page does matters; what is sent only once is left alone by all of it. */
  #follow(): void {
    if (this.#options.once) return
    this.#unfollow ??= followPage({
      ...this.#options,
      onHold: (hold) => {
        this.#holds.add(hold)
        this.#enter('held')
      },
      onLetGo: (hold) => {
        this.#letGo(hold)
        if (hold !== 'hidden') return
        // The page is seen again, and timers run as they should.
        this.#attempt?.look()
        this.#wait.hurry(true)
      },
      onLeave: () => this.#cursor.save(),
    })
  }

  #letGo(hold: Hold): void {
    if (!this.#holds.delete(hold)) {
      if (hold === 'offline') this.#wait.hurry(false)
      return
    }
    const holds = [...this.#holds]
    if (holds.length > 0 || this.#status !== 'waiting') {
      this.#amend({ holds })
      return
    }
    // What failed while the page was on its way out says nothing of how it will be now.
    this.#streak = { ...noFailures, refreshed: this.#streak.refreshed }
    // Somebody may hide and show a page as often as he likes: that hastens no more than any new reader.
    const left = this.#wait.resume(hold === 'hidden')
    if (left === 0) return
    this.#amend({ holds, retryAt: this.#options.clock.now() + left })
  }

  /** The wait is over. */
  #due(): void {
    if (this.#status !== 'open') this.#enter('due')
    else if (this.#attempt === undefined) this.#overtake()
    else this.swap()
  }

  #enter(
    event: ConnectionEvent,
    change: Partial<ConnectionState> = {},
    held = this.#holds.size > 0,
  ): void {
    const former = this.#state.peek()
    const next = transition(former.status, event, held)
    if (next === undefined) return
    const state: ConnectionState = {
      status: next,
      attempt: next === 'open' ? 0 : this.#streak.failures,
      retryAt: undefined,
      // What is closed is held by nothing.
      holds: next === 'closed' ? [] : [...this.#holds],
      reason: undefined,
      // While it connects or is held, what went wrong before is still what went wrong.
      error: next === 'open' || next === 'idle' ? undefined : former.error,
      ...change,
    }
    this.#publish(state)
    this.#options.onTransition(event, former.status, state)
    // Somebody who heard of it may have moved the connection on already.
    if (this.#state.peek() !== state) return
    if (event === 'interrupted' || event === 'overtaken' || next === 'open') return
    this.#disconnect()
    if (next !== 'connecting') return
    this.#attempt = this.#newAttempt()
    this.#attempt.begin()
  }

  /** It stands as before, but for this. */
  #amend(change: Partial<ConnectionState>): void {
    this.#publish({ ...this.#state.peek(), ...change })
  }

  #publish(state: ConnectionState): void {
    // A subscriber's mistake is not the connection's.
    guarded(() => {
      this.#state.value = state
    })
  }

  #disconnect(): void {
    this.#attempt?.end()
    this.#successor?.end()
    this.#attempt = this.#successor = undefined
    this.#swapDue = false
    this.#wait.end()
  }

  #newAttempt(): Attempt {
    this.#counters.attempts += 1
    const about = {
      lastEventId: this.#cursor.value,
      failures: this.#streak.failures,
      status: this.#refusedWith,
    }
    return new Attempt(this.#options, about, (attempt) => this.#sinkFor(attempt))
  }

  #sinkFor(attempt: Attempt): TransportSink {
    return {
      open: () => this.#opened(attempt),
      receive: (events, lastEventId, url = attempt.url) => {
        // An attempt that repeats where it started says nothing new: another may have come further meanwhile.
        if (lastEventId !== attempt.lastEventId) {
          attempt.lastEventId = this.#cursor.value = lastEventId
        }
        this.#counters.events += events.length
        const wasBehind = this.#repeats.isBehind
        const fresh = this.#repeats.without(events)
        // An id alone is news too: of where the stream is.
        if (fresh.length > 0 || events.length === 0) this.#options.receive(fresh, url)
        if (wasBehind && !this.#repeats.isBehind) this.#options.onCaughtUp()
        if (this.#swapDue) this.#wait.hurry(false)
      },
      together,
      active: (bytes) => this.#counters.active(bytes),
      skipped: (size) => this.#options.onSkipped(size),
      retry: (delay) => {
        this.#serverDelay = delay
      },
      interrupted: (error = errorOf({ kind: 'network', cause: undefined }, {}), retryAt) => {
        // While another attempt is in use, this one's troubles are not the connection's.
        if (attempt !== this.#attempt) return
        const waits = this.#status === 'waiting'
        // Another tab's connection has failed once more.
        if (waits && retryAt !== undefined) this.#amend({ error, retryAt })
        else this.#enter('interrupted', { error, retryAt })
      },
      close: (outcome) => this.#ended(attempt, outcome),
    }
  }

  #opened(attempt: Attempt): void {
    const swapped = attempt === this.#successor
    if (swapped && this.#attempt !== undefined && this.#options.leavesOut()) {
      // Since it was made, somebody reads again what only the old one brings.
      attempt.end()
      return this.#ended(attempt, { kind: 'handover' })
    }
    const overlaps = swapped && this.#attempt !== undefined
    const isBehind = overlaps && this.#cursor.value !== attempt.lastEventId
    if (swapped) {
      this.#wait.end()
      this.#attempt?.end()
      this.#attempt = attempt
      this.#successor = undefined
      this.#streak = this.#swapStreak = noFailures
      // What came by the old one alone is heard again, and known again: this one may break before it brings its own.
      if (overlaps) this.#cursor.value = attempt.lastEventId
      this.#amend({ error: undefined })
    }
    // All is well: what was asked for before is over.
    this.#wait.mark(NOW)
    // What was asked for last is not heard yet where an older attempt has come back.
    if (this.#successor === undefined) this.#options.onOpened(isBehind)
    // Somebody who heard of it may have moved the connection on already.
    if (this.#attempt !== attempt) return
    if (this.#options.dedup) this.#repeats.overlap()
    // Where a transport reconnects by itself and has heard no event, it may know a cursor that it does not tell.
    const unsure = attempt.openedAt !== undefined && !attempt.heard
    const missed = this.#reopens && !overlaps && !unsure && this.#cursor.value === ''
    this.#refusedWith = undefined
    this.#streak = { ...this.#streak, refreshed: false }
    this.#reopens = true
    this.#enter('opened')
    if (missed) this.#options.onGap({ reason: 'no-cursor' })
    if (this.#swapDue) this.swap()
  }

  #ended(attempt: Attempt, outcome: Outcome | Elsewhere): void {
    if (attempt === this.#successor) {
      this.#successor = undefined
      // Whichever is next asks for all that is wanted by then.
      this.#swapDue = false
    } else if (this.#successor !== undefined) return this.#overtake(errorOf(outcome, {}))
    // What is read goes on; the swap is tried again, or given up: who asked for too much harms nobody else.
    const swaps = attempt !== (this.#attempt ?? attempt)
    if (outcome.kind === 'handover') return swaps ? this.swap() : this.#handOver()
    this.#refusedWith = outcome.kind === 'status' ? outcome.status : undefined
    const decision = decide(outcome, this.#options, {
      streak: swaps ? this.#swapStreak : this.#streak,
      openedAt: attempt.openedAt,
      heard: attempt.heard,
      serverDelay: this.#serverDelay,
    })
    const { reason, error, streak, delay } = decision
    if (swaps) this.#swapStreak = streak
    else this.#streak = streak
    if (reason === 'ended' || (reason && !swaps)) return this.#stop(decision)
    if (reason) {
      this.#amend({ error })
      return this.#options.onSwapRefused(error)
    }
    if (!swaps) this.#enter('failed', { error, retryAt: this.#options.clock.now() + delay })
    if (swaps || (this.#status === 'waiting' && !this.#attempt)) this.#wait.begin(decision)
  }

  /** The successor is all there is. */
  #overtake(error = this.#state.peek().error): void {
    this.#attempt = this.#successor
    this.#successor = undefined
    this.#enter('overtaken', { error })
  }

  /** Asks anew, because another tab has the connection now, or this one has: if that is soon done, nobody notices. */
  #handOver(): void {
    this.#attempt = undefined
    const next = (this.#successor = this.#newAttempt())
    if (this.#status !== 'open') this.#overtake()
    else this.#wait.begin({ ...NOW, delay: HANDOVER })
    if (this.#successor === next || this.#attempt === next) next.begin()
  }

  #stop(closing: Omit<Decision, 'delay' | 'streak'>): void {
    const { reason, error } = closing
    this.#wait.mark(closing)
    this.#enter('stopped', { reason, error })
  }
}
