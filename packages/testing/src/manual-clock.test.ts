import { createEventServer } from '@millrace/server'
import { expect, test } from 'vitest'
import { fakeEventServer, manualClock } from './index.ts'

test('timers run in the order of their time, then of their making', async () => {
  const clock = manualClock({ now: 100 })
  const ran: string[] = []
  const note = (name: string) => () => void ran.push(`${name}@${clock.now()}`)
  clock.setTimeout(note('late'), 20)
  clock.setTimeout(note('early'), 10)
  clock.setTimeout(note('early too'), 10)
  clock.setTimeout(note('later'), 21)
  await clock.advance(20)
  expect(ran).toEqual(['early@110', 'early too@110', 'late@120'])
  expect(clock.now()).toBe(120)
  expect(clock.pending).toBe(1)
})

test('a timer set by a timer runs in the same advance when it falls due', async () => {
  const clock = manualClock()
  const ran: number[] = []
  clock.setTimeout(() => {
    ran.push(clock.now())
    clock.setTimeout(() => ran.push(clock.now()), 5)
    clock.setTimeout(() => ran.push(clock.now()), 50)
  }, 10)
  await clock.advance(20)
  expect(ran).toEqual([10, 15])
  expect(clock.now()).toBe(20)
})

test('a forgotten timer does not run, and one that has run is forgotten without harm', async () => {
  const clock = manualClock()
  const ran: string[] = []
  const first = clock.setTimeout(() => {
    ran.push('first')
    clock.clearTimeout(second)
  }, 1)
  const second = clock.setTimeout(() => ran.push('second'), 1)
  await clock.advance(1)
  clock.clearTimeout(first)
  expect(ran).toEqual(['first'])
  expect(clock.pending).toBe(0)
})

test('advances in parallel add up', async () => {
  const clock = manualClock()
  await Promise.all([clock.advance(1), clock.advance(2), clock.advance(3)])
  expect(clock.now()).toBe(6)
})

test('chance is 0.5, a number or a function', () => {
  const clock = manualClock()
  expect(clock.random()).toBe(0.5)
  clock.setRandom(0.25)
  expect(clock.random()).toBe(0.25)
  const rolls = [0.1, 0.2]
  clock.setRandom(() => rolls.shift() ?? 0)
  expect([clock.random(), clock.random(), clock.random()]).toEqual([0.1, 0.2, 0])
})

test('a timer that throws fails the advance when time has come to its end', async () => {
  const clock = manualClock()
  const ran: number[] = []
  for (const at of [1, 2]) {
    clock.setTimeout(() => {
      throw new Error(`of the timer at ${at}`)
    }, at)
  }
  clock.setTimeout(() => ran.push(clock.now()), 3)
  await expect(clock.advance(4)).rejects.toThrow('of the timer at 1')
  expect([...ran, clock.now(), clock.pending]).toEqual([3, 4, 0])
})

test('a timer that is forgotten while wrap prepares does not run', async () => {
  const ran: string[] = []
  const timers: unknown[] = []
  const clock = manualClock({
    wrap: async (deliver) => {
      for (const timer of timers.splice(0)) clock.clearTimeout(timer)
      await deliver()
      if (timers.length === 0 && clock.pending > 0) timers.push(first)
    },
  })
  const first = clock.setTimeout(() => ran.push('first'), 1)
  await clock.advance(1)
  expect(ran).toEqual([])
})

test('a timer that sets itself again without delay is an error', async () => {
  const clock = manualClock()
  const again = (): void => void clock.setTimeout(again, 0)
  again()
  await expect(clock.advance(1)).rejects.toMatchObject({ code: 'still-busy' })
})

for (const milliseconds of [-1, Number.NaN, Infinity, '5' as unknown as number]) {
  test(`time does not move by ${typeof milliseconds} ${milliseconds}`, async () => {
    const clock = manualClock()
    await expect(clock.advance(milliseconds)).rejects.toMatchObject({ code: 'invalid-argument' })
    expect(clock.now()).toBe(0)
  })
}

test('time does not start where there is none', () => {
  expect(() => manualClock({ now: Number.NaN })).toThrow('Cannot start a clock at NaN')
})

test('the engine of a fake takes the clock: its keep-alive has arrived when advance resolves', async () => {
  const clock = manualClock()
  const keepAlive = { interval: 1_000, comment: 'still here' }
  const events = fakeEventServer('/events', { clock, keepAlive })
  const response = await events.fetch('/events')
  let text = ''
  const run = async (): Promise<void> => {
    const decoder = new TextDecoder()
    for await (const chunk of response.body ?? []) text += decoder.decode(chunk)
  }
  void run()
  await clock.advance(999)
  expect(text).not.toContain('still here')
  await clock.advance(1)
  expect(text).toContain(': still here\n\n')
  await events.reset()
})

test('a clock is one for the engine alone, too', async () => {
  const clock = manualClock()
  const engine = createEventServer({ clock })
  const response = await engine.fetch(new Request('http://localhost/'))
  expect(clock.pending).toBe(1)
  await engine.close()
  await response.text()
  expect(clock.pending).toBe(0)
})
