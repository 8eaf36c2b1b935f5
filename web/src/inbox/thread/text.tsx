/** Text of a stranger with its web addresses made into links. */
import type { ReactNode } from 'react'

const address = /\bhttps?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]}]/g

export function linked(text: string): ReactNode {
  const parts: ReactNode[] = []
  let from = 0
  for (const found of text.matchAll(address)) {
    if (found.index > from) parts.push(text.slice(from, found.index))
    parts.push(
      <a key={found.index} href={found[0]} target="_blank" rel="noreferrer noopener">
        {found[0]}
      </a>,
    )
    from = found.index + found[0].length
  }
  if (from < text.length) parts.push(text.slice(from))
  return parts
}
