import { globSync, statSync } from 'node:fs'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSite } from '../../docs/site/site.ts'
import { answerText, pathnameOf, type Route } from './route.ts'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
}

/** The documentation, built when it is first asked for, and again after an edit. */
export function docs(): Route {
  let site: ReadonlyMap<string, string> = new Map()
  let builtOf = 0

  function fileAt(name: string): string | undefined {
    const edited = editedAt()
    if (edited > builtOf) site = buildSite({ playground: '/' })
    builtOf = edited
    return site.get(name)
  }

  return {
    handle: (request, response) => {
      const asked = /^\/docs(?:\/(.*))?$/.exec(pathnameOf(request))
      if (!asked) return false
      const [, name] = asked
      if (name === undefined) {
        // Links of a page are beside it.
        response.writeHead(308, { location: '/docs/' }).end()
        return true
      }
      const file = name === '' ? 'index.html' : name
      const content = fileAt(file)
      if (content === undefined)
        answerText(
          response,
          404,
          `Cannot find ${name} in the documentation: there is no such page. See /docs/.`,
        )
      else {
        response
          .writeHead(200, {
            'content-type': types[extname(file)] ?? 'text/plain; charset=utf-8',
            'cache-control': 'no-cache',
          })
          .end(content)
      }
      return true
    },
  }
}

const root = fileURLToPath(new URL('../..', import.meta.url))

/** When something that is shown was last edited. */
function editedAt(): number {
  const sources = globSync(['*.md', 'docs/*.md', 'docs/site/browser/*'], { cwd: root })
  return Math.max(...sources.map((path) => statSync(root + path).mtimeMs))
}
