import { streamServer } from '../flow/stream-server.ts'

/** The server of the market. */
export const marketServer = streamServer('/market')
