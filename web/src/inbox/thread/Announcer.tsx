/** Says new messages of the open thread aloud, and only those: a log drawn anew would be read from its beginning. */
import type { ThreadItem } from '@patchbay/protocol/api/interactions.ts'
import { useEffect, useRef, useState } from 'react'

export function Announcer({ items, name }: { items: readonly ThreadItem[]; name: string }) {
  const [words, setWords] = useState('')
  const newest = items.findLast(({ message }) => message?.direction === 'in')
  const last = useRef(newest?.seq ?? 0)
  useEffect(() => {
    if (!newest || newest.seq <= last.current) return
    last.current = newest.seq
    setWords(`${name}: ${newest.message?.body ?? ''}`)
  }, [newest, name])
  return (
    <p className="visually-hidden" role="status">
      {words}
    </p>
  )
}
