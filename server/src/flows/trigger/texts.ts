/** Texts of triggers with variables, within an address and within JSON: what customers write must not leave its place. */
import { fill, type Read } from '../../actions/variables.ts'

/** A value can neither leave its place in the address nor climb out of a path. */
export function fillUrl(url: string, read: Read): string {
  return fill(url, read, (value) => (/^\.{1,2}$/.test(value) ? '' : encodeURIComponent(value.toWellFormed())))
}

/** Where the text is JSON a value is written as the inside of a JSON string. */
export function fillBody(text: string, read: Read): string {
  const isJson = /^\s*[[{]/.test(text)
  return fill(text, read, (value) => (isJson ? JSON.stringify(value).slice(1, -1) : value))
}

/** Whether it is a whole address of http or https, whose variables stand after the host: the host is for nobody else to choose. */
export function isAddress(url: string): boolean {
  const start = url.indexOf('{{')
  if (start >= 0 && !/^https?:\/\/[^/?#]+[/?#]/i.test(url.slice(0, start))) return false
  const parsed = URL.parse(fillUrl(url, () => ''))
  return (
    parsed !== null &&
    (parsed.protocol === 'http:' || parsed.protocol === 'https:') &&
    parsed.username === '' &&
    parsed.password === ''
  )
}
