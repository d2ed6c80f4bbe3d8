export { fakeEventServer } from './fake-event-server.ts'
export { manualClock } from './manual-clock.ts'
