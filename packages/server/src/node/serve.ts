/// <reference lib="esnext.disposable" preserve="true" />
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { LONGEST_TIMER } from '../clock.ts'
import type { CloseOptions } from '../closing.ts'
import { EventServerError } from '../error.ts'
import { toNodeHandler } from './handler.ts'
import type { FetchApp } from './handler.ts'

/**
 * Where to listen.
 *
 * @example
 * await serve(events, { port: 3000, host: '127.0.0.1' })
 */
export interface ServeOptions {
  /** Defaults to 0: any that is free. */
  readonly port?: number
  /** Defaults to every address of the machine. */
  readonly host?: string
  /** Milliseconds that `close` gives clients to read what was left for them. Defaults to 10,000. */
  readonly grace?: number
}

/**
 * A server that listens.
 *
 * @example
 * const { url, close } = await serve(events)
 */
export interface Serving extends AsyncDisposable {
  /** The server of `node:http` that listens. */
  readonly server: Server
  /** Its port: the one that was asked for, or the free one that was found. */
  readonly port: number
  /** Its address, without a slash at the end. */
  readonly url: string
  /**
   * Closes the app, if it can be closed, and then the server; resolves when the last response has gone out, or was cut
   * off at the end of `grace`.
   */
  readonly close: (options?: CloseOptions) => Promise<void>
}

/**
 * An app that can be told to end its streams.
 *
 * @example
 * const app: ClosableApp = { fetch: () => new Response('hello') }
 */
export interface ClosableApp extends FetchApp {
  /** Ends its streams; called before the server closes. */
  readonly close?: (options?: CloseOptions) => Promise<void>
}

/**
 * Serves an app over HTTP/1.1; resolves when it listens, rejects where it cannot.
 *
 * @example
 * const { url, close } = await serve(events, { port: 3000 })
 */
export async function serve(app: ClosableApp, options: ServeOptions = {}): Promise<Serving> {
  const { port = 0, host, grace = 10_000 } = options
  checkGrace(grace)
  const server = createServer(toNodeHandler(app))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, ...(host !== undefined && { host }) }, () => {
      server.off('error', reject)
      resolve()
    })
  })
  const address = server.address() as AddressInfo
  let closing: Promise<void> | undefined

  async function shutDown(closeOptions?: CloseOptions): Promise<void> {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    try {
      await app.close?.(closeOptions)
    } finally {
      server.closeIdleConnections()
      const late = setTimeout(() => server.closeAllConnections(), grace)
      await closed
      clearTimeout(late)
    }
  }

  const close = (closeOptions?: CloseOptions): Promise<void> => (closing ??= shutDown(closeOptions))
  return {
    server,
    port: address.port,
    url: `http://${hostName(host)}:${address.port}`,
    close,
    [Symbol.asyncDispose]: () => close(),
  }
}

function checkGrace(grace: number): void {
  if (grace >= 0 && grace <= LONGEST_TIMER) return
  throw new EventServerError(
    'invalid-option',
    `Cannot serve: grace is ${grace}. Give 0 to ${LONGEST_TIMER} milliseconds.`,
  )
}

function hostName(host: string | undefined): string {
  if (host === undefined || host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}
