// @vitest-environment jsdom
import { soakInNode } from './soak-node.ts'

soakInNode('jsdom')
