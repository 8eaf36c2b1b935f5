/** Who writes here just now: a colleague, since two answers are one too many, and the customer. */
import { useLingui } from '@lingui/react/macro'
import { MessageCircleMore, PencilLine } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useMe } from '../../api/queries.ts'
import { useLive } from '../../live/store.ts'
import { Tag } from '../../ui/Mark.tsx'

export function Typists({ id, customer }: { id: number; customer: string }) {
  const { t } = useLingui()
  const me = useMe()
  const viewers = useLive((state) => state.viewers.get(id))
  const typist = viewers?.find((one) => one.typing && one.id !== me.id)?.fullname
  const isCustomerTyping = useCustomerTyping(id)
  return (
    <span role="status" className="flex min-w-0 flex-wrap justify-end gap-1">
      {typist === undefined ? null : (
        <Tag tone="info" icon={<PencilLine aria-hidden />}>
          {t`${typist} is typing…`}
        </Tag>
      )}
      {isCustomerTyping ? (
        <Tag icon={<MessageCircleMore aria-hidden />}>{t`${{ typist: customer }} is typing…`}</Tag>
      ) : null}
    </span>
  )
}

/** A channel says it again while it lasts, and never that it is over. */
const holdsMs = 8_000

function useCustomerTyping(id: number): boolean {
  const times = useLive((state) => state.typing.get(id) ?? 0)
  // What was said before this thread was opened may be long over.
  const known = useRef({ id, times })
  const [isTyping, setTyping] = useState(false)
  useEffect(() => {
    const isNew = known.current.id === id && known.current.times !== times && times > 0
    known.current = { id, times }
    setTyping(isNew)
    const timer = isNew ? setTimeout(() => setTyping(false), holdsMs) : undefined
    return () => clearTimeout(timer)
  }, [id, times])
  return isTyping
}
