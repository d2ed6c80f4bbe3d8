import { describe } from 'vitest'
import { nodeSettings } from './delivery-mounts.ts'
import { deliveryFacts } from './delivery.ts'

describe.each(nodeSettings)('$name', deliveryFacts)
