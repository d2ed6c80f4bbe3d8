// Runs before the page: how long it is from the first event that comes to the next paint, and from nothing to one.
export const watching = `
  (() => {
    const { promise, resolve } = Promise.withResolvers()
    const afterPaint = () =>
      new Promise((painted) =>
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel()
          port1.onmessage = () => painted(performance.now())
          port2.postMessage(undefined)
        }),
      )
    globalThis.firstPaint = async () => {
      const event = await promise
      const start = performance.now()
      const frame = (await afterPaint()) - start
      return { event, frame }
    }
    const { read } = ReadableStreamDefaultReader.prototype
    const decoder = new TextDecoder()
    let heard = false
    ReadableStreamDefaultReader.prototype.read = async function (...given) {
      const result = await read.apply(this, given)
      if (!heard && result.value && /^data:/m.test(decoder.decode(result.value))) {
        heard = true
        const at = performance.now()
        const changes = new MutationObserver(async () => {
          changes.disconnect()
          resolve((await afterPaint()) - at)
        })
        changes.observe(document, { subtree: true, childList: true, characterData: true })
      }
      return result
    }
  })()
`
