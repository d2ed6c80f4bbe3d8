// channels/tenants.ts
import { eventStream, type ChannelScheme } from 'millrace'

/** `https://acme.example.com/feed` is the channel `acme`. */
const byHost: ChannelScheme = {
  shared: false,
  url: (url, [tenant]) => new URL(`https://${tenant}.${url.host}${url.pathname}`),
  channelsOf: () => undefined, // the events do not say: they are of the channel they were asked for by
}

export const tenants = eventStream('https://example.com/feed', { channels: byHost })
