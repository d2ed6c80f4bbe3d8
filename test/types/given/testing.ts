// What the examples of `@millrace/testing` take as given.
import type { FakeEventServer, Timeline } from '@millrace/testing'
import type { MockServer } from '@millrace/testing/vitest'
import { render, screen } from '@testing-library/react'
import type { Pool } from 'millrace'
import { setupServer } from 'msw/node'
import { readFile, writeFile } from 'node:fs/promises'
import { afterEach, beforeAll, expect, vi } from 'vitest'
import { nextTick } from 'vue'

export {
  afterEach,
  beforeAll,
  expect,
  nextTick,
  readFile,
  render,
  screen,
  setupServer,
  vi,
  writeFile,
}

export declare const events: FakeEventServer
export declare const prices: FakeEventServer
export declare const news: FakeEventServer
export declare const server: MockServer
export declare const pool: Pool
export declare const timeline: Timeline
export declare const url: string
export declare function Price(): null
