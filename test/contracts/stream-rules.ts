/**
 * One rule of WHATWG HTML, 9.2.5 "Parsing an event stream" and 9.2.6 "Interpreting an event stream", as bytes and what
 * must come of them.
 */
export interface StreamRule {
  readonly name: string
  /** Whether a native `EventSource` shows it as well; it keeps `retry` and the cursor to itself. */
  readonly hears: 'both' | 'fetch'
  /** The body, piece by piece, a byte per character; then the server ends it. */
  readonly chunks: readonly string[]
  /** Type, data and last event id of each event. */
  readonly events: readonly (readonly [type: string, data: string, lastEventId: string])[]
  readonly retries: readonly number[]
  /** The cursor in the end. */
  readonly lastEventId: string
  /** Hosts that break it, and why that is not ours to mend. */
  readonly except?: Readonly<Record<string, string>>
}

/** A message: its data, and the last event id where there is one. */
const message = (data: string, lastEventId = '') => ['message', data, lastEventId] as const

function rule(name: string, body: string | string[], ...events: StreamRule['events']): StreamRule {
  const chunks = typeof body === 'string' ? [body] : body
  return { name, hears: 'both', chunks, events, retries: [], lastEventId: events.at(-1)?.[2] ?? '' }
}

function retry(name: string, body: string, ...retries: readonly number[]): StreamRule {
  return { ...rule(name, body), hears: 'fetch', retries }
}

function cursor(name: string, body: string | string[], lastEventId: string): StreamRule {
  return { ...rule(name, body), hears: 'fetch', lastEventId }
}

function except(why: Readonly<Record<string, string>>, rule: StreamRule): StreamRule {
  return { ...rule, except: why }
}

const MARK = '\xef\xbb\xbf'
const long = 'x'.repeat(100_000)

const eventsource = {
  'EventSource in Node':
    '`eventsource` takes the mark away in its decoder, and what looks like one in its parser',
  'EventSource in happy-dom': 'it is `eventsource` again',
}

const beginnings: readonly StreamRule[] = [
  rule('one byte order mark at the start is dropped', `${MARK}data: 1\n\n`, message('1')),
  rule(
    'a byte order mark in pieces is dropped as well',
    ['\xef', '\xbb', '\xbfdata: 1\n\n'],
    message('1'),
  ),
  except(
    { 'EventSource in Chromium': 'it takes what follows the mark for no line end, whatever it is' },
    rule('a line may end right after the byte order mark', `${MARK}\ndata: 1\n\n`, message('1')),
  ),
  except(
    eventsource,
    rule(
      'a second byte order mark spoils its field',
      `${MARK}${MARK}data: 1\n\ndata: 2\n\n`,
      message('2'),
    ),
  ),
  except(
    eventsource,
    rule(
      'a second byte order mark spoils its field, even where the first came in pieces',
      ['\xef', `\xbb\xbf${MARK}data: 1\n\ndata: 2\n\n`],
      message('2'),
    ),
  ),
  except(
    eventsource,
    rule(
      'what only looks like a byte order mark spoils its field',
      '\xc3\xaf\xc2\xbb\xc2\xbfdata: 1\n\ndata: 2\n\n',
      message('2'),
    ),
  ),
  rule(
    'a byte order mark further on spoils its field',
    `data: 1\n${MARK}data: 2\n\n`,
    message('1'),
  ),
  rule('a byte order mark in data stays', `data:${MARK}1\n\n`, message('\ufeff1')),
  rule('a stream may begin with blank lines', '\n\r\n\rdata: 1\n\n', message('1')),
  rule('an empty stream has no events', []),
]

const lineEnds: readonly StreamRule[] = [
  rule('LF ends lines', 'data: a\ndata: b\n\n', message('a\nb')),
  rule('CR ends lines', 'data: a\rdata: b\r\r', message('a\nb')),
  rule('CRLF ends lines', 'data: a\r\ndata: b\r\n\r\n', message('a\nb')),
  rule('line ends may be mixed', 'data: a\rdata: b\ndata: c\r\n\n', message('a\nb\nc')),
  rule('LF and CR are two line ends', 'data: a\n\rdata: b\r\n\n', message('a'), message('b')),
  rule(
    'two CR before one LF are two line ends',
    'data: a\r\r\ndata: b\n\n',
    message('a'),
    message('b'),
  ),
  rule(
    'a CRLF may be split between chunks',
    ['data: a\r', '\ndata: b\r\n\r', '\n'],
    message('a\nb'),
  ),
  rule(
    'a CRLF split at the end of an event ends it once',
    ['data: a\n\r', '\ndata: b\n\n'],
    message('a'),
    message('b'),
  ),
  rule(
    'a CRLF split around a chunk of nothing but its LF ends one line',
    ['data: a\r', '\n', 'data: b\r', '\n', '\r', '\n'],
    message('a\nb'),
  ),
  rule('a CR at the very end ends its line, and so the event', 'data: a\r\r', message('a')),
  rule(
    'a CR at the end of a chunk ends its line',
    ['data: a\r', 'data: b\r', '\r'],
    message('a\nb'),
  ),
  rule(
    'vertical tabs, form feeds and Unicode line ends are data',
    'data: a\x0b\x0c\xc2\x85\xe2\x80\xa8b\n\n',
    ['message', 'a\x0b\x0c\x85\u2028b', ''],
  ),
  rule('a field may be split anywhere', ['da', 'ta', ': hel', 'lo\n', '\n'], message('hello')),
  rule(
    'a stream may come byte by byte',
    `${MARK}event: tick\r\nid: 7\rdata: \xe2\x82\xac\ndata\n\r`.split(''),
    ['tick', '€\n', '7'],
  ),
]

const fields: readonly StreamRule[] = [
  rule('an event without a name is a message', 'data: hello\n\n', message('hello')),
  rule('a named event has its name as type', 'event: tick\ndata: 1\n\n', ['tick', '1', '']),
  rule('the name may come after the data', 'data: 1\nevent: tick\n\n', ['tick', '1', '']),
  rule('the last of several names counts', 'event: a b\nevent: tick\ndata: 1\n\n', [
    'tick',
    '1',
    '',
  ]),
  rule('an empty name means message', 'event: tick\nevent:\ndata: 1\n\n', message('1')),
  rule('a bare event field means message', 'event: tick\nevent\ndata: 1\n\n', message('1')),
  rule('an event may say that it is a message', 'event: message\ndata: 1\n\n', message('1')),
  rule('a name may hold spaces', 'event: a b\ndata: 1\n\n', ['a b', '1', '']),
  rule(
    'a name may begin with a space, after the one that is dropped',
    'event:  tick\ndata: 1\n\n',
    [' tick', '1', ''],
  ),
  rule(
    'a server may name its events open and error',
    'event: open\ndata: 1\n\nevent: error\ndata: 2\n\n',
    ['open', '1', ''],
    ['error', '2', ''],
  ),
  rule(
    'one space after the colon is dropped, a second is data',
    'data:a\n\ndata: b\n\ndata:  c\n\n',
    message('a'),
    message('b'),
    message(' c'),
  ),
  rule('a tab after the colon is data', 'data:\ta\n\n', message('\ta')),
  rule('spaces at the end of a line are data', 'data: a \n\n', message('a ')),
  rule('colons in data stay', 'data: a: b\n\ndata::c\n\n', message('a: b'), message(':c')),
  rule('a NUL in data stays', 'data: a\0b\n\n', message('a\0b')),
  rule(
    'field names that are nearly right are skipped',
    [
      'Data: no',
      'DATA: no',
      ' data: no',
      '\tdata: no',
      'data : no',
      'datas: no',
      'dat: no',
      'data\0: no',
      'Event: tick',
      ' event: tick',
      'ID: 1',
      ' id: 1',
      'ids: 1',
      'i: 1',
      'foo: bar',
      'foo',
      'data: yes',
      '',
      '',
    ].join('\n'),
    message('yes'),
  ),
  rule(
    'comments are skipped, inside an event too',
    ': a\ndata: 1\n:b\ndata: 2\n:\n\n',
    message('1\n2'),
  ),
  rule('a comment is one by its first character', ' : a\n:data: no\ndata: 1\n:\n\n', message('1')),
  rule('a comment does not begin a block of its own', 'event: tick\n: a\ndata: 1\n\n', [
    'tick',
    '1',
    '',
  ]),
]

const data: readonly StreamRule[] = [
  rule('data lines are joined by line feeds', 'data: a\ndata:\ndata: b\n\n', message('a\n\nb')),
  rule('a last empty line of data is a line feed', 'data: a\ndata:\n\n', message('a\n')),
  rule('a first empty line of data is a line feed', 'data:\ndata: a\n\n', message('\na')),
  rule('a bare data field is an empty line of data', 'data\n\n', message('')),
  rule('an empty line of data is an event', 'data:\n\ndata: \n\n', message(''), message('')),
  rule('two bare data fields are one line feed', 'data\ndata\n\n', message('\n')),
  rule(
    'a block without data is no event',
    'event: tick\nid: 1\n\n: comment\n\ndata: 1\n\n',
    message('1', '1'),
  ),
  rule(
    'the name of a block without data does not leak into the next',
    'event: tick\n\ndata: 1\n\n',
    message('1'),
  ),
  rule(
    'the name of an event does not leak into the next',
    'event: tick\ndata: 1\n\ndata: 2\n\n',
    ['tick', '1', ''],
    message('2'),
  ),
  rule(
    'blank lines in a row end nothing',
    'data: 1\n\n\n\n\ndata: 2\n\n\n',
    message('1'),
    message('2'),
  ),
  rule('an event that the stream breaks off is dropped', 'data: 1\n\ndata: 2\n', message('1')),
  rule('a line that the stream breaks off is dropped', 'data: 1\n\ndata: 2', message('1')),
  rule('a line of data may be long', `data: ${long}\n\n`, message(long)),
  rule(
    'a long line may come in pieces',
    ['data: ', long, `${long}\n`, `data: ${long}`, '\n\n'],
    message(`${long}${long}\n${long}`),
  ),
  rule(
    'an event may have many lines',
    'data: x\n'.repeat(10_000) + '\n',
    message('x\n'.repeat(10_000).slice(0, -1)),
  ),
  rule(
    'an unknown field may be long, and in pieces',
    ['data: 1\nfoo: ', long, `${long}\ndata: 2\n\n`],
    message('1\n2'),
  ),
]

const characters: readonly StreamRule[] = [
  rule('data is UTF-8', 'data: \xe2\x82\xac\xf0\x9d\x84\x9e\n\n', message('€𝄞')),
  rule('a character may be split between chunks', ['data: \xe2', '\x82', '\xac\n\n'], message('€')),
  rule('names and ids are UTF-8', 'event: \xe2\x82\xac\nid: \xc3\xa4\ndata: 1\n\n', [
    '€',
    '1',
    'ä',
  ]),
  rule(
    'bytes that are no UTF-8 become replacement characters',
    'data: \xff\n\n',
    message('\ufffd'),
  ),
  rule(
    'a character that a line end breaks off becomes one',
    'data: \xe2\x82\n\n',
    message('\ufffd'),
  ),
  rule(
    'so does one that is broken off between chunks',
    ['data: \xf0\x9d', '\n\n'],
    message('\ufffd'),
  ),
  rule('what follows a broken character is read', 'data: \xe2\x82a\n\n', message('\ufffda')),
  rule('surrogates are no UTF-8', 'data: \xed\xa0\x80\n\n', message('\ufffd\ufffd\ufffd')),
]

const ids: readonly StreamRule[] = [
  rule(
    'an id stays until another comes',
    'id: 1\ndata: a\n\ndata: b\n\nid: 2\ndata: c\n\n',
    message('a', '1'),
    message('b', '1'),
    message('c', '2'),
  ),
  rule('an id may come after the data', 'data: a\nid: 4\n\n', message('a', '4')),
  rule('the last of several ids counts', 'id: 1\nid: 2\ndata: a\n\n', message('a', '2')),
  rule('an id may be any text', 'id:  a:b, c \ndata: 1\n\n', message('1', ' a:b, c ')),
  rule('an empty id clears', 'id: 1\ndata: a\n\nid:\ndata: b\n\n', message('a', '1'), message('b')),
  rule('a bare id clears', 'id: 1\ndata: a\n\nid\ndata: b\n\n', message('a', '1'), message('b')),
  rule(
    'an id with NUL is ignored',
    'id: 1\ndata: a\n\nid: 2\0\ndata: b\n\nid: 3\nid: \0\ndata: c\n\n',
    message('a', '1'),
    message('b', '1'),
    message('c', '3'),
  ),
  rule('an id without data counts for the next event', 'id: 5\n\ndata: a\n\n', message('a', '5')),
  cursor('an id without data moves the cursor', 'id: 9\n\n', '9'),
  cursor('an id whose block is not ended does not move the cursor', 'id: 9\n\nid: 10\n', '9'),
  cursor('an id that is broken off does not move the cursor', ['id: 9\n\n', 'id: 10'], '9'),
  cursor('an empty id clears the cursor', 'id: 9\n\nid\n\n', ''),
]

const retries: readonly StreamRule[] = [
  retry('retry is told as milliseconds', 'retry: 250\n\n', 250),
  retry('retry counts at the end of its line', 'retry: 1\nretry: 2\n', 1, 2),
  retry('a retry that is broken off is dropped', 'retry: 1\nretry: 2', 1),
  retry('retry may be 0', 'retry: 0\n', 0),
  retry('zeros may lead a retry', 'retry: 007\n', 7),
  retry(
    'retry takes ASCII digits only',
    'retry: 12a\nretry: -1\nretry: +1\nretry: 1.5\nretry: 1e3\nretry:  1\nretry: 1 \nretry: \xd9\xa3\n',
  ),
  retry('an empty retry is ignored', 'retry\nretry:\nretry: \n'),
  retry(
    'a retry without end is as long as a number can be',
    `retry: ${'9'.repeat(400)}\n`,
    Number.MAX_SAFE_INTEGER,
  ),
]

/** What each transport must make of a body, whoever parses it. */
export const streamRules: readonly StreamRule[] = [
  ...beginnings,
  ...lineEnds,
  ...fields,
  ...data,
  ...characters,
  ...ids,
  ...retries,
]
