/** The element of the document that the selector names; that it is there is up to `document.html`. */
export function find(selector: string): HTMLElement {
  const found = document.querySelector<HTMLElement>(selector)
  if (!found) throw new Error(`Cannot find ${selector} in the page.`)
  return found
}

/** Has the element say this; one that says it already is left alone, selection and all. */
export function write(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text
}
