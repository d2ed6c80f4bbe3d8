// What a page of the documentation does by itself: search, copy, and change its colours. Without it, it can be read.
import type { Section } from '../search-index.ts'

const MOST = 12

const field = find('input[type=search]', HTMLInputElement)
const list = find('#found', HTMLOListElement)
let sections: Promise<readonly Section[]> | undefined
let chosen = -1

field.addEventListener('focus', () => void load())
field.addEventListener('input', () => void search())
field.addEventListener('keydown', (event) => {
  const options = [...list.querySelectorAll('a')]
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (step && options.length > 0) {
    event.preventDefault()
    choose((chosen + step + options.length) % options.length)
  } else if (event.key === 'Enter') (options[chosen] ?? options[0])?.click()
  else if (event.key === 'Escape') close()
})
document.addEventListener('keydown', (event) => {
  if (event.key !== '/' || event.target instanceof HTMLInputElement) return
  event.preventDefault()
  field.focus()
})
document.addEventListener('click', (event) => {
  const { target } = event
  if (!(target instanceof Element)) return
  if (!target.closest('search') || target.closest('#found a')) close()
  if (target.matches('.copy')) void copy(target)
})

function load(): Promise<readonly Section[]> {
  sections ??= fetch('search.json').then((response) => response.json() as Promise<Section[]>)
  return sections
}

async function search(): Promise<void> {
  const query = field.value
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  const known = words.length === 0 ? [] : await load()
  // Somebody who types fast has asked for something else by now.
  if (field.value !== query) return
  const found = known
    .map((section) => ({ section, score: scoreOf(section, words) }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score)
    .slice(0, MOST)
  list.replaceChildren(...found.map(({ section }, at) => optionOf(section, words, at)))
  if (words.length > 0 && found.length === 0) {
    list.append(element('li', 'Nothing of that name.', 'nothing'))
  }
  list.hidden = words.length === 0
  field.setAttribute('aria-expanded', String(words.length > 0))
  choose(-1)
}

/** Every word has to be there; what is in a heading counts for more, and at its start for most. */
function scoreOf({ page, heading, text }: Section, words: readonly string[]): number {
  const [title, lower, body] = [page.toLowerCase(), heading.toLowerCase(), text.toLowerCase()]
  const scores = words.map((word) => {
    if (lower === word) return 40
    if (lower.startsWith(word)) return 20
    if (lower.includes(word)) return 10
    if (title.includes(word)) return 4
    return body.includes(word) ? 1 : 0
  })
  return scores.includes(0) ? 0 : scores.reduce<number>((sum, score) => sum + score, 0)
}

function optionOf({ href, page, heading, text }: Section, words: readonly string[], at: number) {
  const item = element('li')
  item.role = 'presentation'
  const link = element('a')
  link.href = href
  link.role = 'option'
  link.id = `found-${at}`
  link.tabIndex = -1
  link.append(element('b', heading), element('i', heading === page ? '' : page))
  const start = Math.max(0, text.toLowerCase().indexOf(words[0] ?? '') - 40)
  link.append(element('span', `${start > 0 ? '…' : ''}${text.slice(start, start + 120)}`))
  item.append(link)
  return item
}

function choose(at: number): void {
  chosen = at
  for (const [n, option] of list.querySelectorAll('a').entries()) {
    option.setAttribute('aria-selected', String(n === at))
    if (n === at) option.scrollIntoView({ block: 'nearest' })
  }
  if (at === -1) field.removeAttribute('aria-activedescendant')
  else field.setAttribute('aria-activedescendant', `found-${at}`)
}

function close(): void {
  list.hidden = true
  field.setAttribute('aria-expanded', 'false')
  choose(-1)
}

async function copy(button: Element): Promise<void> {
  const code = button.parentElement?.querySelector('code')?.textContent ?? ''
  await navigator.clipboard.writeText(code)
  button.textContent = 'Copied'
  setTimeout(() => (button.textContent = 'Copy'), 1_500)
}

const theme = find('.theme', HTMLButtonElement)
const root = document.documentElement
root.style.colorScheme = stored() ?? ''
theme.hidden = false
theme.addEventListener('click', () => {
  const isDark = matchMedia('(prefers-color-scheme: dark)').matches
  const now = root.style.colorScheme || (isDark ? 'dark' : 'light')
  root.style.colorScheme = now === 'dark' ? 'light' : 'dark'
  try {
    localStorage.setItem('theme', root.style.colorScheme)
  } catch {
    // It is for this page only, then.
  }
})

function stored(): string | null {
  try {
    return localStorage.getItem('theme')
  } catch {
    return null
  }
}

function find<Found extends Element>(selector: string, kind: new () => Found): Found {
  const found = document.querySelector(selector)
  if (!(found instanceof kind)) throw new Error(`Cannot find ${selector} in the page.`)
  return found
}

function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  text = '',
  className = '',
): HTMLElementTagNameMap[Name] {
  return Object.assign(document.createElement(name), { textContent: text, className })
}
