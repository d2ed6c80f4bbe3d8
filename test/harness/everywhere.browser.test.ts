import { browserPlace } from './browser-place.ts'
import { factsEverywhere } from './everywhere.ts'

factsEverywhere(browserPlace)
