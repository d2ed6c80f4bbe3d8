import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { chromium, type Browser, type Page } from 'playwright'
import { build } from 'vite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { chromiumArguments, ensureChromium } from '../environment/chromium.ts'

let browser: Browser
let url: string

/** What the server has; it knows of no events. */
const files = new Map([['/', '<!doctype html><title>served by a service worker</title>']])
const server = createServer((request, response) => {
  const file = files.get(request.url ?? '')
  const type = request.url?.endsWith('.js') ? 'text/javascript' : 'text/html'
  response.writeHead(file === undefined ? 404 : 200, { 'content-type': type }).end(file)
})

/** A snippet of the documentation, as a bundler makes it. */
async function bundle(name: string): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['millrace-source', 'browser', 'module'] },
    build: {
      write: false,
      target: 'esnext',
      lib: {
        entry: fileURLToPath(new URL(`../docs/hosts/${name}.ts`, import.meta.url)),
        formats: ['es'],
      },
    },
  })
  const [output] = [built].flat()
  if (!output || !('output' in output)) throw new Error('nothing was built')
  return output.output[0].code
}

beforeAll(async () => {
  for (const name of ['service-worker', 'page']) {
    // oxlint-disable-next-line no-await-in-loop -- two small files
    files.set(`/${name}.js`, await bundle(name))
  }
  server.listen(0, 'localhost')
  await once(server, 'listening')
  url = `http://localhost:${(server.address() as AddressInfo).port}/`
  browser = await chromium.launch({
    executablePath: ensureChromium(),
    args: [...chromiumArguments],
  })
})

afterAll(async () => {
  await browser.close()
  server.closeAllConnections()
  server.close()
})

async function openPage(): Promise<Page> {
  const page = await browser.newPage()
  await page.goto(url)
  await page.evaluate('import("/page.js").then((module) => (globalThis.page = module))')
  await page.waitForFunction('page.stream.status.value === "open"')
  return page
}

test('pages hear their service worker', async () => {
  const page = await openPage()
  await page.evaluate('page.send("from one to all")')
  await page.getByText('from one to all').waitFor()
  expect(await page.locator('p').allTextContents()).toEqual(['from one to all'])
  await page.close()
})

test('a page is missed by its service worker when it goes, and goes on from its cursor', async () => {
  const page = await openPage()
  const cursor = await page.evaluate(async () => {
    const source = new EventSource('/events?channel=notes')
    await new Promise((resolve) => source.addEventListener('open', resolve))
    navigator.serviceWorker.controller?.postMessage('one')
    const { lastEventId } = await new Promise<MessageEvent<string>>((resolve) => {
      source.addEventListener('message', resolve)
    })
    source.close()
    return lastEventId
  })
  const missed = await page.evaluate(async (lastEventId) => {
    navigator.serviceWorker.controller?.postMessage('two')
    const source = new EventSource(`/events?channel=notes&lastEventId=${lastEventId}`)
    const message = new Promise<MessageEvent<string>>((resolve) => {
      source.addEventListener('message', resolve)
    })
    // This one, and the page's own; the one that was closed is a reader no more.
    await new Promise<void>((resolve) => {
      source.addEventListener('readers', ({ data }: MessageEvent<string>) => {
        if (data === '2') resolve()
      })
    })
    const { data } = await message
    source.close()
    return data
  }, cursor)
  expect(missed).toBe('two')
  await page.close()
})

test('a page whose service worker is stopped hears the next one, and is told of the gap', async () => {
  const page = await openPage()
  await page.evaluate('page.send("before")')
  await page.getByText('before').waitFor()
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('ServiceWorker.enable')
  await devtools.send('ServiceWorker.stopAllWorkers')
  await page.getByText('There may have been more.').waitFor()
  await page.waitForFunction('page.stream.status.value === "open"')
  await page.evaluate('page.send("after")')
  await page.getByText('after').waitFor()
  expect(await page.locator('p').allTextContents()).toEqual([
    'before',
    'There may have been more.',
    'after',
  ])
  await page.close()
})
