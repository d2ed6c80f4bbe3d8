// hosts/http2.ts
import { toNodeHandler } from '@millrace/server/node'
import { createSecureServer, type Http2SecureServer, type SecureServerOptions } from 'node:http2'
import { events } from './events.ts'

// For { key, cert }; clients that know HTTP/1.1 only are served that.
export function createServer(keys: SecureServerOptions): Http2SecureServer {
  return createSecureServer({ ...keys, allowHTTP1: true }, toNodeHandler(events))
}
