import { soakInNode } from './soak-node.ts'

soakInNode('Node')
