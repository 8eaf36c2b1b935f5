/** Says new messages of the open thread to screen readers, and only those: a log drawn anew would be read from its beginning. A note sounds. */
import type { ThreadItem } from '@patchbay/protocol/api/interactions.ts'
import { useEffect, useRef, useState } from 'react'
import { preferences } from '../../shell/preferences.ts'
import { isLeader } from '../offers/leader.ts'
import { tick } from '../offers/sound.ts'

export function Announcer({ items, name }: { items: readonly ThreadItem[]; name: string }) {
  const [words, setWords] = useState('')
  const newest = items.findLast(({ message }) => message?.direction === 'in')
  const last = useRef(newest?.seq ?? 0)
  useEffect(() => {
    if (!newest || newest.seq <= last.current) return
    last.current = newest.seq
    if (preferences().messageSound && isLeader()) tick()
    setWords(`${name}: ${newest.message?.body ?? ''}`)
  }, [newest, name])
  return (
    <p className="visually-hidden" role="status">
      {words}
    </p>
  )
}
