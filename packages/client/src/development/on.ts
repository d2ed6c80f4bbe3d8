// What a developer is told while an app is being worked on: its bundler says so, by the condition `development`.
export {
  checkChannel,
  checkDecoders,
  checkHistory,
  checkHook,
  checkIterating,
  checkListening,
  checkMaxEventSize,
  checkOptions,
  checkPool,
  checkReading,
  checkReducing,
  checkScheme,
  checkSelecting,
  checkStore,
  checkType,
  checkUrl,
} from './checks.ts'
export { warnOfCrowd } from './crowd.ts'
export { advised } from './remedies.ts'
export { warnOfDropped, warnOfFailure, warnOfRemaking } from './warnings.ts'
