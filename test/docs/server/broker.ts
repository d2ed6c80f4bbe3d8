// server/broker.ts
import { createBroker } from '@millrace/server'

interface Order {
  readonly id: number
}

export const broker = createBroker<Order>()

/** Ships every order of a region, in order, at its own pace. */
export async function ship(
  region: string,
  shipped: (order: Order) => Promise<void>,
): Promise<void> {
  for await (const order of broker.subscribe(`orders/${region}`)) await shipped(order)
}

/** The next order from anywhere, if there is one within a second. */
export async function nextOrder(): Promise<Order | undefined> {
  const orders = broker.subscribe('orders')
  try {
    const { value } = await orders.next({ signal: AbortSignal.timeout(1_000) })
    return value
  } catch {
    return undefined
  } finally {
    await orders.return()
  }
}
