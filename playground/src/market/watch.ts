import { mount, unmount } from 'svelte'
import Watch from './watch.svelte'

/** Mounts the Svelte component. */
export function mountWatch(target: HTMLElement): () => void {
  const component = mount(Watch, { target })
  return () => void unmount(component)
}
