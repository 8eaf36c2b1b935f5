// Small pieces of the page: elements, calls of the control interface, and a redraw that keeps the focus.
import { say } from './words.js'

export const at = (id) => document.getElementById(id)

/** `make('button', { className: 'x', onclick }, 'text', element)`; names with a dash are attributes. */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined) continue
    if (name.includes('-') || name === 'for') element.setAttribute(name, value)
    else element[name] = value
  }
  element.append(...children.filter((child) => child !== undefined && child !== null))
  return element
}

/** A button that is found again after a redraw by its key. */
export function button(key, text, onclick, properties = {}) {
  return make('button', { type: 'button', 'data-key': key, onclick, ...properties }, text)
}

export function redraw(container, children) {
  const key = document.activeElement?.getAttribute('data-key')
  const hadFocus = container.contains(document.activeElement)
  container.replaceChildren(...children)
  if (hadFocus && key) container.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus()
}

export async function order(verb, input = {}) {
  const problem = at('problem')
  try {
    const answer = await fetch(`/simulator/${verb}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(input),
    }).catch(() => {
      throw new Error(say.unreachable)
    })
    const body = await answer.json()
    if (!answer.ok) throw new Error(body.detail ?? say.unreachable)
    problem.textContent = ''
    return body
  } catch (error) {
    problem.textContent = error.message
    return undefined
  }
}

export async function toFile(file) {
  const bytes = new Uint8Array(await file.arrayBuffer())
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return { name: file.name, type: file.type || 'application/octet-stream', base64: btoa(text) }
}

export function files(list) {
  return list
    .filter(({ url }) => url)
    .map(({ url, name, fileType }) =>
      fileType.startsWith('image/')
        ? make('img', { className: 'picture', src: url, alt: name })
        : make('a', { href: url, download: name }, name),
    )
}
