// server/admin.ts
import { createEventServer, type CloseOptions } from '@millrace/server'
import { createAdmin } from '@millrace/server/admin'
import { serve } from '@millrace/server/node'

const events = createEventServer()
const password = process.env['ADMIN_PASSWORD']
const admin = createAdmin(events, {
  authorize: (request) => {
    const given = request.headers.get('authorization')
    if (password && given === `Basic ${btoa(`ops:${password}`)}`) return true
    return new Response(null, { status: 401, headers: { 'www-authenticate': 'Basic' } })
  },
})

const app = {
  fetch: (request: Request) => {
    const { pathname } = new URL(request.url)
    return /^\/admin(\/|$)/.test(pathname) ? admin.fetch(request) : events.fetch(request)
  },
  close: async (options?: CloseOptions) => {
    await Promise.all([admin.close(), events.close(options)])
  },
}
export const serving = await serve(app, { port: Number(process.env['PORT'] ?? 3000) })
console.log(`${serving.url}/admin`)
