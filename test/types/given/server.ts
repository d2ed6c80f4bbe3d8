// What the examples of `@millrace/server` take as given.
import type { Broker, BrokerStream, EventServer, Message, Provider } from '@millrace/server'
import type { Admin } from '@millrace/server/admin'
import type { Express } from 'express'
import * as http from 'node:http'
import { hostname } from 'node:os'
import { createClient } from 'redis'

export { createClient, hostname, http }

export interface User {
  readonly id: string
}
export interface Order {
  readonly id: number
}

export declare const events: EventServer
export declare const broker: Broker<Order>
export declare const stream: BrokerStream<Order>
export declare const provider: Provider
export declare const admin: Admin
export declare const app: Express
export declare const request: Request
export declare const secret: string
export declare function userOf(request: Request): User | undefined
export declare function isKnown(request: Request): boolean
export declare function isOperator(request: Request): boolean
export declare function isAdmin(request: Request): boolean
export declare function ship(order: Order): void
export declare function compact(data: unknown): unknown
export declare function deliver(message: Message): void
export declare function refetch(): void
export declare function log(...what: unknown[]): void
export declare function gauge(name: string, value: number): void
export declare const logger: { error: (code: string, message: string) => void }
export declare const metrics: {
  count: (what: string) => void
  add: (sessions: number, bytes: number) => void
}
export declare const Deno: { serve: (fetch: (request: Request) => Promise<Response>) => void }
