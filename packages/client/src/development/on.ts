// What a developer is told while an app is being worked on: its bundler says so, by the condition `development`.
export {
  checkDecoders,
  checkLimit,
  checkMaxEventSize,
  checkOptions,
  checkPool,
  checkTypes,
} from './checks.ts'
export { warnOfCrowd } from './crowd.ts'
