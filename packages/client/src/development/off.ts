// In production nobody is told of a developer's mistakes. As functions that do nothing, bundlers leave out the calls.
export function checkDecoders(_events: object | undefined): void {}
export function checkLimit(_limit: number): void {}
export function checkMaxEventSize(_size: unknown): void {}
export function checkOptions(_options: object): void {}
export function checkPool(_parts: unknown): void {}
export function checkTypes(_types: readonly unknown[]): void {}
export function warnOfCrowd(_feeds: ReadonlyMap<string, object>): void {}
