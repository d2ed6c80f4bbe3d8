/** What to do about an error. */
const remedies: Readonly<Record<string, string>> = {
  network:
    "See error.cause; where it never opens, the request in the browser's network panel, and across origins its CORS headers.",
  status:
    'See its answer in the network panel. For 401 and 403, make headers a function that gets a fresh token; retry.retryOn says which other statuses are tried again.',
  unknown: 'Use the fetch transport to see statuses; across origins, see the CORS headers.',
  silent: 'Have the server send comments more often, or raise heartbeatTimeout.',
  request: 'See error.cause; where there is none, it took longer than heartbeatTimeout.',
  'content-type':
    'Make it answer with text/event-stream; a page of HTML is often a login, or a proxy.',
  unsupported: 'Pass one, or name another transport.',
  'gave-up': 'Call reconnect() to start again.',
  interrupted: 'Call reconnect() to send it again.',
  decode: 'The event was dropped; its text is in error.data.',
  url: 'Pass an absolute URL.',
  header: 'Encode them.',
  path: 'Name it otherwise, or ask by query.',
  channels: 'Read a parent that they have in common, or fewer at a time.',
  'every-type': 'Name them in `events`, or use the fetch transport.',
  'too-large': 'Raise maxEventSize, or send less at a time.',
}

/** A message, with what to do about it. */
export function advised(message: string, about: string): string {
  const remedy = remedies[about]
  return remedy === undefined ? message : `${message} ${remedy}`
}
