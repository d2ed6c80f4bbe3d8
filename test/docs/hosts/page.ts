// hosts/page.ts
import { eventStream } from 'millrace'

const { serviceWorker } = navigator
await serviceWorker.register('/service-worker.js', { type: 'module' })
if (!serviceWorker.controller) {
  await new Promise((resolve) => serviceWorker.addEventListener('controllerchange', resolve))
}

export const stream = eventStream('/events', { onGap: () => show('There may have been more.') })
stream.channel('notes').on('message', ({ data }) => show(data))

export function send(note: string): void {
  serviceWorker.controller?.postMessage(note)
}

function show(text: string): void {
  document.body.append(Object.assign(document.createElement('p'), { textContent: text }))
}
