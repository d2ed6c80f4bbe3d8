// redis/order.ts
import { EventServerError } from '@millrace/server'
import { events } from './events.ts'

export async function shipped(order: string): Promise<number> {
  try {
    await events.publish(`orders/${order}`, { event: 'shipped', data: { order } })
    return 204
  } catch (error) {
    const code = error instanceof EventServerError ? error.code : undefined
    if (code === 'provider-away') return 503 // nothing was sent: try again later
    if (code === 'publish-unconfirmed') return 202 // it was sent, and the answer was lost
    throw error
  }
}
