// @vitest-environment jsdom
import { factsEverywhere } from './everywhere.ts'
import { nodePlace } from './node-place.ts'

factsEverywhere(nodePlace('jsdom'))
