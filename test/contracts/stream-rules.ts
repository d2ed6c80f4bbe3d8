/** One rule of WHATWG HTML, 9.2.6 "Interpreting an event stream", as bytes and the events that must come of them. */
export interface StreamRule {
  readonly name: string
  /** The body, piece by piece, a byte per character. It ends with an event whose data is `last`. */
  readonly chunks: readonly string[]
  /** Type, data and last event id of each event before that one. */
  readonly events: readonly (readonly [type: string, data: string, lastEventId: string])[]
}

const last = 'data: last\n\n'

function rule(name: string, text: string, ...events: StreamRule['events']): StreamRule {
  return { name, chunks: [text + last], events }
}

function split(name: string, chunks: string[], ...events: StreamRule['events']): StreamRule {
  return { name, chunks: [...chunks, last], events }
}

/** What each transport must make of a body, whoever parses it. */
export const streamRules: readonly StreamRule[] = [
  rule('an event without a name is a message', 'data: hello\n\n', ['message', 'hello', '']),
  rule('a named event has its name as type', 'event: tick\ndata: 1\n\n', ['tick', '1', '']),
  rule('an empty event name means message', 'event\nevent:\ndata: 1\n\n', ['message', '1', '']),
  rule('an event name may hold spaces', 'event: a b\ndata: 1\n\n', ['a b', '1', '']),
  rule(
    'a server may name its events open and error',
    'event: open\ndata: 1\n\nevent: error\ndata: 2\n\n',
    ['open', '1', ''],
    ['error', '2', ''],
  ),
  rule(
    'one space after the colon is dropped, a second is data',
    'data:a\n\ndata: b\n\ndata:  c\n\n',
    ['message', 'a', ''],
    ['message', 'b', ''],
    ['message', ' c', ''],
  ),
  rule('data lines are joined by line feeds', 'data: a\ndata:\ndata: b\n\n', [
    'message',
    'a\n\nb',
    '',
  ]),
  rule('a bare data field is an empty line of data', 'data\n\n', ['message', '', '']),
  rule('two bare data fields are one line feed', 'data\ndata\n\n', ['message', '\n', '']),
  rule('a block without data is no event', 'event: tick\nid: 1\n\n: comment\n\n'),
  rule(
    'the name of a block without data does not leak into the next',
    'event: tick\n\ndata: 1\n\n',
    ['message', '1', ''],
  ),
  rule('comments are skipped, inside an event too', ': a\ndata: 1\n:b\ndata: 2\n:\n\n', [
    'message',
    '1\n2',
    '',
  ]),
  rule('unknown fields are skipped', 'foo: bar\nDATA: no\n data: no\ndata: yes\n\n', [
    'message',
    'yes',
    '',
  ]),
  rule('a colon in data stays', 'data: a: b\n\n', ['message', 'a: b', '']),
  rule('CR ends lines', 'data: a\rdata: b\r\r', ['message', 'a\nb', '']),
  rule('CRLF ends lines', 'data: a\r\ndata: b\r\n\r\n', ['message', 'a\nb', '']),
  rule('line ends may be mixed', 'data: a\rdata: b\ndata: c\r\n\n', ['message', 'a\nb\nc', '']),
  split(
    'a CRLF may be split between chunks',
    ['data: a\r', '\ndata: b\r\n\r', '\n'],
    ['message', 'a\nb', ''],
  ),
  split(
    'a field may be split anywhere',
    ['da', 'ta', ': hel', 'lo\n', '\n'],
    ['message', 'hello', ''],
  ),
  split(
    'a character may be split between chunks',
    ['data: \xe2', '\x82', '\xac\n\n'],
    ['message', '€', ''],
  ),
  rule('bytes that are no UTF-8 become replacement characters', 'data: \xff\n\n', [
    'message',
    '\ufffd',
    '',
  ]),
  rule('one byte order mark at the start is dropped', '\xef\xbb\xbfdata: 1\n\n', [
    'message',
    '1',
    '',
  ]),
  rule(
    'a second byte order mark spoils its field',
    '\xef\xbb\xbf\xef\xbb\xbfdata: 1\n\ndata: 2\n\n',
    ['message', '2', ''],
  ),
  rule(
    'an id stays until another comes',
    'id: 1\ndata: a\n\ndata: b\n\nid: 2\ndata: c\n\n',
    ['message', 'a', '1'],
    ['message', 'b', '1'],
    ['message', 'c', '2'],
  ),
  rule(
    'an empty id clears',
    'id: 1\ndata: a\n\nid\ndata: b\n\n',
    ['message', 'a', '1'],
    ['message', 'b', ''],
  ),
  rule(
    'an id with NUL is ignored',
    'id: 1\ndata: a\n\nid: 2\0\ndata: b\n\n',
    ['message', 'a', '1'],
    ['message', 'b', '1'],
  ),
  rule('an id in a block without data counts for the next event', 'id: 5\n\ndata: a\n\n', [
    'message',
    'a',
    '5',
  ]),
  rule('an id may come after the data', 'data: a\nid: 4\n\n', ['message', 'a', '4']),
]
