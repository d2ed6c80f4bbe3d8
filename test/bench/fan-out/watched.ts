/** Runs before the page: counts the timers and the listeners that it has and has not given back. */
export const watching = `
  (() => {
    const timers = new Set()
    const listeners = new Map()
    globalThis.outstanding = () => ({
      timers: timers.size,
      listeners: [...listeners.values()]
        .flatMap((types) => [...types.values()])
        .reduce((sum, { size }) => sum + size, 0),
    })
    for (const [set, clear, once] of [
      ['setTimeout', 'clearTimeout', true],
      ['setInterval', 'clearInterval', false],
      ['requestAnimationFrame', 'cancelAnimationFrame', true],
    ]) {
      const [setNative, clearNative] = [globalThis[set], globalThis[clear]]
      globalThis[set] = (callback, ...others) => {
        const timer = setNative((...given) => {
          if (once) timers.delete(set + timer)
          callback(...given)
        }, ...others)
        timers.add(set + timer)
        return timer
      }
      globalThis[clear] = (timer) => {
        timers.delete(set + timer)
        clearNative(timer)
      }
    }
    // On what lives as long as the page; what hangs on anything else goes with it.
    const lasting = () => [globalThis, globalThis.document, globalThis.navigator?.connection]
    const heardOf = (target, type) => {
      const to = target ?? globalThis
      if (!lasting().includes(to)) return new Set()
      if (!listeners.has(to)) listeners.set(to, new Map())
      const types = listeners.get(to)
      if (!types.has(type)) types.set(type, new Set())
      return types.get(type)
    }
    const { addEventListener, removeEventListener } = EventTarget.prototype
    EventTarget.prototype.addEventListener = function (...given) {
      const [type, listener, options] = given
      const heard = heardOf(this, type)
      heard.add(listener)
      if (options?.signal) addEventListener.call(options.signal, 'abort', () => heard.delete(listener))
      return addEventListener.apply(this, given)
    }
    EventTarget.prototype.removeEventListener = function (...given) {
      heardOf(this, given[0]).delete(given[1])
      return removeEventListener.apply(this, given)
    }
  })()
`
