// In production nobody is told of a developer's mistakes. As functions that do nothing, bundlers leave out the calls.
export function checkChannel(_name: string, _parent: string): void {}
export function checkDecoders(_events: object | undefined): void {}
export function checkHistory(_options: unknown): void {}
export function checkHook(_source: unknown, _options: object): void {}
export function checkIterating(_types: unknown, _options: unknown): void {}
export function checkListening(_types: unknown, _listener: unknown, _options: unknown): void {}
export function checkMaxEventSize(_size: unknown): void {}
export function checkOptions(_options: object): void {}
export function checkPool(_pool: unknown): void {}
export function checkReading(_source: unknown, _options: object): void {}
export function checkReducing(_reducer: unknown, _options: unknown): void {}
export function checkScheme(_options: unknown, _param?: unknown): void {}
export function checkSelecting(_selector: unknown, _options: unknown): void {}
export function checkStore(_store: unknown): void {}
export function checkType(_type: unknown): void {}
export function checkUrl(_url: unknown): void {}
export function warnOfCrowd(_feeds: ReadonlyMap<string, object>): void {}

export function warnOfDropped(_reader: object, _failure: object): void {}
export function warnOfFailure(_url: string, _state: object): void {}
export function warnOfRemaking(_asked: object, _newest: object): void {}
export function advised(message: string, _about: string): string {
  return message
}
