import { nodeSettings } from './delivery-mounts.ts'
import { deliveryFacts } from './delivery.ts'

for (const setting of nodeSettings) deliveryFacts(setting)
