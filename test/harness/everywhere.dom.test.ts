// @vitest-environment happy-dom
import { factsEverywhere } from './everywhere.ts'
import { nodePlace } from './node-place.ts'

factsEverywhere(nodePlace('happy-dom'))
