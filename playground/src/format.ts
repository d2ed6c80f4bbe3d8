const price = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })
const change = new Intl.NumberFormat('en', {
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
  signDisplay: 'exceptZero',
})
const count = new Intl.NumberFormat('en')
const bytes = new Intl.NumberFormat('en', {
  style: 'unit',
  unit: 'byte',
  unitDisplay: 'narrow',
  notation: 'compact',
  maximumFractionDigits: 1,
})
const time = new Intl.DateTimeFormat('en', { timeStyle: 'medium', hourCycle: 'h23' })

export type Trend = 'up' | 'down' | 'level'

/** Which way an amount points. */
export function trendOf(amount: number): Trend {
  return amount > 0 ? 'up' : amount < 0 ? 'down' : 'level'
}

/** Which way a percentage points as it is shown: what reads as 0.0 points nowhere. */
export function trendOfChange(percent: number): Trend {
  return trendOf(Number(percent.toFixed(1)))
}

export function formatPrice(amount: number): string {
  return price.format(amount)
}

/** Percent, with a sign: colour is never all that tells up from down. */
export function formatChange(percent: number): string {
  return `${change.format(percent).replace('-', '−')}%`
}

export function formatCount(amount: number): string {
  return count.format(amount)
}

export function formatBytes(amount: number): string {
  return bytes.format(amount)
}

export function formatTime(at: number): string {
  return time.format(at)
}

/** Milliseconds, as seconds. */
export function formatSeconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(1)} s`
}
