/** What can be done to a stream: what the server does, and what the client then does about it. */
interface FaultPlan {
  readonly name: string
  readonly server: string
  readonly client: string
}

/** Done to the stream that is open; where none is, to the next one. */
export const openFaults = {
  drop: {
    name: 'Drop it',
    server: 'breaks the connection between two events.',
    client: 'waits a moment and comes back with its cursor; the server sends what it missed.',
  },
  torn: {
    name: 'Drop it inside an event',
    server: 'sends half an event, and breaks the connection.',
    client: 'throws the half away. When it is back, the whole event comes.',
  },
  end: {
    name: 'End it in good order',
    server: 'ends the response, as a deploy or a proxy’s time limit does.',
    client: 'comes back from its cursor. Nothing failed, so there is no error.',
  },
  half: {
    name: 'Half an event, then silence',
    server: 'sends half an event, and then nothing, while the connection stays open.',
    client:
      'takes a connection for dead that is silent for longer than heartbeatTimeout (4 s here, 45 s by default), and comes back.',
  },
  stall: {
    name: 'Fall silent',
    server: 'says no more, not even a heartbeat, while the connection stays open.',
    client: 'notices that it has been silent for too long, and comes back.',
  },
  late: {
    name: 'Half an event, the rest late',
    server:
      'sends half an event, and the rest two seconds later, with all that came to pass since.',
    client: 'waits for the whole of it, and hands out the others behind it.',
  },
  bytes: {
    name: 'One byte at a time',
    server: 'sends the next event in network chunks of one byte, cut inside its characters, too.',
    client: 'puts them together. Nothing happens.',
  },
  payload: {
    name: 'Nonsense for a payload',
    server: 'sends an event whose data is not the JSON that it should be.',
    client: 'tells onError and decodeError, drops that event, and goes on.',
  },
  large: {
    name: 'Too large an event',
    server: 'sends an event of 100,000 characters.',
    client:
      'skips it to its end, since it is larger than maxEventSize (65,536 here), and tells of a gap. The cursor moves on.',
  },
  patience: {
    name: 'Ask for patience',
    server: 'sends “retry: 3000”, and breaks the connection.',
    client: 'waits for at least three seconds.',
  },
  order: {
    name: 'Out of order',
    server: 'publishes the next three events with the newest first.',
    client: 'hands them out as they came: the order is the server’s. None is missed.',
  },
  repeat: {
    name: 'The same event twice',
    server: 'sends an event, and at once the same again, with the same id.',
    client:
      'hands out both. It looks for repeats only where one connection follows another: on the same one they are two events.',
  },
  twice: {
    name: 'Send everything again',
    server: 'breaks the connection, and then sends ten events from before the cursor once more.',
    client: 'knows them by their ids: each is heard once.',
  },
  forget: {
    name: 'Forget everything',
    server: 'starts anew, so that it does not know the client’s cursor, and says so.',
    client: 'tells onGap: here the page would fetch its state anew. The stream goes on.',
  },
} as const satisfies Record<string, FaultPlan>

/** The stream is dropped, and the next requests for it meet this. */
export const answerFaults = {
  unreachable: {
    name: 'No answer at all',
    server: 'hangs up on every request for four seconds, without a word.',
    client: 'tries again, later each time.',
  },
  slow: {
    name: 'A slow head',
    server: 'takes two seconds until it answers.',
    client: 'is connecting for as long, and then all is well.',
  },
  withheld: {
    name: 'No head',
    server: 'accepts the next request, and never answers it.',
    client: 'gives that one up after heartbeatTimeout, and tries again.',
  },
  mute: {
    name: 'A head, and nothing more',
    server: 'answers the next request, and never sends an event or a heartbeat.',
    client: 'is open, finds that nothing comes, and tries again.',
  },
  unavailable: {
    name: '503',
    server: 'answers the next three requests with 503 Service Unavailable.',
    client: 'tries again, later each time. So it does for 408, 425, 429 and every 5xx.',
  },
  busy: {
    name: '503, Retry-After: 4',
    server: 'answers 503, and says when to come back: in four seconds.',
    client: 'does not come back before that.',
  },
  limited: {
    name: '429, Retry-After: a date',
    server: 'answers 429 Too Many Requests, until a time of day a few seconds from now.',
    client: 'does not come back before that.',
  },
  over: {
    name: '204',
    server: 'answers 204 No Content: there is no more.',
    client: 'closes, with reason “ended”, and does not come back unless it is told to.',
  },
  unauthorized: {
    name: '401',
    server: 'answers 401 Unauthorized.',
    client:
      'closes, with reason “refused”. Were its headers a function, it would be asked for fresh ones first.',
  },
  missing: {
    name: '404',
    server: 'answers 404 Not Found.',
    client:
      'closes, with reason “refused”: asking again would not help. retryOn can say otherwise.',
  },
  html: {
    name: 'A page of HTML',
    server: 'answers 200 with a sign-in page, as captive portals do.',
    client: 'closes, with reason “refused”: that is no event stream.',
  },
  redirect: {
    name: 'A redirect',
    server: 'answers 307 with another URL of its own.',
    client: 'follows it, and all is well.',
  },
  loop: {
    name: 'A redirect to itself',
    server: 'answers 307 with the same URL, once for each step that the browser takes.',
    client: 'is told by the browser that the request failed, and tries again.',
  },
  cors: {
    name: 'Another origin without CORS',
    server: 'sends the next two requests to another origin, which has not heard of CORS.',
    client: 'sees a failed request, as the browser tells it no more than that, and tries again.',
  },
} as const satisfies Record<string, FaultPlan>

/** By chance, and by a seed, until it is mended. */
export const chanceFaults = {
  storm: {
    name: 'A storm',
    server:
      'cuts, delays, drops, repeats and refuses by chance, until you mend it. In a page that was just opened, the same seed makes the same chances.',
    client: 'hands out every event, once and in order.',
  },
} as const satisfies Record<string, FaultPlan>

export const labFaults: Readonly<Record<LabFault, FaultPlan>> = {
  ...openFaults,
  ...answerFaults,
  ...chanceFaults,
}

export type OpenFault = keyof typeof openFaults

export type AnswerFault = keyof typeof answerFaults

export type LabFault = OpenFault | AnswerFault | keyof typeof chanceFaults

/** The URL of a lab's stream. */
export function labUrl(lab: string): string {
  return `/faults/events?lab=${lab}&channel=ticks`
}

/** The payload of a `tick` event. */
export interface LabTick {
  /** Counts the events of a lab. */
  readonly seq: number
  /** Has a character of two bytes in it. */
  readonly from: string
}

/** The largest event that the page takes, in characters. */
export const LARGEST = 65_536
