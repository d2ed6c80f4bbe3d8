import { readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ViteDevServer } from 'vite'
import { notFound, pageAt, type PagePath, type PlaygroundPage } from '../pages.ts'
import { answerText, pathnameOf, type Route } from './route.ts'

interface DocumentsOptions {
  readonly vite: ViteDevServer
  /** What is sent with a page, so that it is full at first sight. */
  readonly snapshots: Partial<Record<PagePath, () => unknown>>
}

/** The pages' documents: one template, with each page's title and data; and the sources that they ask for. */
export function documents({ vite, snapshots }: DocumentsOptions): Route {
  const template = `${vite.config.root}/index.html`

  async function send(
    page: PlaygroundPage,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { url = '/' } = request
    const snapshot = snapshots[page.path as PagePath]?.()
    const html = (await readFile(template, 'utf8')).replace('<!-- page -->', () =>
      headOf(page, snapshot),
    )
    const document = await vite.transformIndexHtml(url, html)
    response
      .writeHead(page === notFound ? 404 : 200, { 'content-type': 'text/html; charset=utf-8' })
      .end(document)
  }

  return {
    handle: (request, response) => {
      const fail = (error: unknown) => {
        console.error(error)
        answerText(response, 500, 'Cannot send the page: its template failed.')
      }
      const page = pageAt(pathnameOf(request))
      if (page) send(page, request, response).catch(fail)
      else {
        vite.middlewares(request, response, () => {
          if (request.headers.accept?.includes('text/html')) {
            send(notFound, request, response).catch(fail)
          } else answerText(response, 404, 'Cannot answer: there is nothing of that name.')
        })
      }
      return true
    },
    close: () => vite.close(),
  }
}

function headOf({ title, summary, path }: PlaygroundPage, snapshot: unknown): string {
  const full = path === '/' ? 'Millrace playground' : `${title} · Millrace playground`
  const head = `<title>${full}</title>\n    <meta name="description" content="${summary}" />`
  if (snapshot === undefined) return head
  // In a script element only `<` could end it, or begin a comment.
  const data = JSON.stringify(snapshot).replaceAll('<', String.raw`\u003c`)
  return `${head}\n    <script id="snapshot" type="application/json">${data}</script>`
}
