import type { Plugin } from 'vite'
import type { Snapshot } from '../wire.ts'

/** Sends the market with the page, so that it is full at first sight and the stream goes on where it ends. */
export function snapshotInPage(take: () => Snapshot): Plugin {
  return {
    name: 'millrace-playground:snapshot',
    transformIndexHtml: () => [
      {
        tag: 'script',
        attrs: { id: 'snapshot', type: 'application/json' },
        // In a script element only `<` could end it, or begin a comment.
        children: JSON.stringify(take()).replaceAll('<', String.raw`\u003c`),
        injectTo: 'body-prepend',
      },
    ],
  }
}
