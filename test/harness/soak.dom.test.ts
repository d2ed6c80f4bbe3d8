import { soakInNode } from './soak-node.ts'

soakInNode('happy-dom')
