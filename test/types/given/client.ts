// What the examples of `millrace` take as given.
import type {
  Pool,
  SharedFeed,
  SharedRequest,
  Stream,
  StreamEvent,
  TabSharing,
  TransportRequest,
  TransportSink,
} from 'millrace'
import type { SharedTabs } from 'millrace/tabs'
import { z } from 'zod'

export { z }

// What streams bring, and the streams.
export interface Tick {
  readonly price: number
  readonly size: number
}
export interface Depth {
  readonly bids: readonly number[]
}
export interface Token {
  readonly token: string
}
export interface Cell {
  readonly row: number
  readonly text: string
}
export type Table = readonly string[]
export declare const OrderSchema: z.ZodType<{ id: string }>
export declare const trades: Stream<{
  tick: Tick
  depth: Depth
  order: { id: string }
  cancel: { id: string }
}>
export declare const stream: Stream
export declare const pool: Pool
export declare const log: Stream<{ line: string }>
export declare const chat: Stream<{ token: string }>
export declare const board: Stream<{ cell: Cell }>
export declare function paint(table: Table, event: StreamEvent<Cell>): Table
export declare const blank: Table

// The application around them.
export declare const user: { readonly id: string }
export declare const snapshot: { readonly tick: Tick; readonly cursor: string }
export declare const visible: boolean
export declare const question: string
export declare const body: string
export declare const answer: HTMLElement
export declare const signal: AbortSignal
export declare const response: Response
export declare const cause: Error
export declare const queryClient: { invalidateQueries: () => void }
export declare function App(): null
export declare function Price(): null
export declare function token(options?: { fresh?: boolean; signal?: AbortSignal }): Promise<string>
export declare function ticket(): Promise<string>
export declare function sign(url: string): string
export declare function onLogin(listener: (user: { readonly id: string }) => void): void
export declare function show(event: StreamEvent<unknown>): void
export declare function greet(event: StreamEvent): void
export declare function toast(order: { id: string }): void
export declare function audit(type: string, order: { id: string }): void
export declare function reload(): boolean
export declare function showOffline(): void
export declare function showRetryButton(): void
export declare const myFetch: typeof fetch
export declare const MyEventSource: typeof EventSource

// The inside of a transport, and of what tabs share.
export declare const request: TransportRequest & SharedRequest
export declare const attempt: TransportRequest
export declare const sink: TransportSink
export declare const feed: SharedFeed
export declare const tabs: SharedTabs
export declare const mine: TabSharing
export declare const everybody: TabSharing
