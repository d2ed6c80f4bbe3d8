import { fakeEventServer } from '@millrace/testing'
import { createPool, text, type StandardSchema, type StreamError } from 'millrace'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'

interface Order {
  readonly id: number
  readonly tags: readonly string[]
}

/** The same schemas by each library: an order whose id comes as text, and one that is also looked up, asynchronously. */
interface Schemas {
  readonly order: StandardSchema<unknown, Order>
  readonly known: StandardSchema<unknown, Order>
}

const isKnown = (id: number): Promise<boolean> => Promise.resolve(id < 100)

const zodOrder = z.object({ id: z.string().transform(Number), tags: z.array(z.string()) })
const valibotOrder = v.object({
  id: v.pipe(v.string(), v.transform(Number)),
  tags: v.array(v.string()),
})

const libraries: Record<string, Schemas> = {
  zod: {
    order: zodOrder,
    known: zodOrder.refine(({ id }) => isKnown(id), { error: 'unknown order' }),
  },
  valibot: {
    order: valibotOrder,
    known: v.pipeAsync(
      valibotOrder,
      v.checkAsync(({ id }) => isKnown(id), 'unknown order'),
    ),
  },
}

describe.each(Object.entries(libraries))('%s', (_, { order, known }) => {
  async function hear(schema: StandardSchema<unknown, Order>, payloads: readonly unknown[]) {
    const server = fakeEventServer('/events')
    const errors: StreamError[] = []
    using pool = createPool({ fetch: server.fetch, onError: (error) => errors.push(error) })
    const stream = pool.stream('http://localhost/events', {
      events: { order: schema, done: text },
    })
    const heard: unknown[] = []
    const done = new Promise<void>((resolve) => {
      stream.on('*', (event) => {
        if (event.type === 'done') resolve()
        else heard.push(event.data)
      })
    })
    await server.connected()
    for (const data of payloads) void server.send({ event: 'order', data })
    await server.send({ event: 'done', data: '' })
    // An event that is still being looked up is not arrived at its reader, however sent.
    await done
    return { heard, errors }
  }

  test('the payload is what the schema puts out', async () => {
    const { heard } = await hear(order, [{ id: '1', tags: ['a'] }])
    expect(heard).toEqual([{ id: 1, tags: ['a'] }])
  })

  test('what the schema refuses is told with its issues and where they are, and the stream goes on', async () => {
    const { heard, errors } = await hear(order, [
      { id: 7, tags: ['a', 8] },
      { id: '2', tags: [] },
    ])
    expect(heard).toEqual([{ id: 2, tags: [] }])
    expect(errors).toHaveLength(1)
    expect(errors[0]?.message).toMatch(/^Cannot decode a "order" event: id: .+; tags\.1: .+\. The/)
    expect(errors[0]?.data).toBe('{"id":7,"tags":["a",8]}')
    expect(errors[0]?.cause).toHaveLength(2)
  })

  test('a schema that looks something up keeps the order, and drops what is not there', async () => {
    const orders = [1, 200, 2, 300, 3].map((id) => ({ id: String(id), tags: [] }))
    const { heard, errors } = await hear(known, orders)
    expect(heard).toEqual([1, 2, 3].map((id) => ({ id, tags: [] })))
    expect(errors.map(({ message }) => message)).toEqual(
      Array.from({ length: 2 }, () => expect.stringContaining('event: unknown order.') as string),
    )
  })
})
