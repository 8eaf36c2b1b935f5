/** Which colleague writes here just now: two answers are one too many. */
import { useLingui } from '@lingui/react/macro'
import { PencilLine } from 'lucide-react'
import { useMe } from '../../api/queries.ts'
import { useLive } from '../../live/store.ts'
import { Tag } from '../../ui/Mark.tsx'

export function Typists({ id }: { id: number }) {
  const { t } = useLingui()
  const me = useMe()
  const viewers = useLive((state) => state.viewers.get(id))
  const typist = viewers?.find((one) => one.typing && one.id !== me.id)?.fullname
  return (
    <span role="status" className="min-w-0">
      {typist === undefined ? null : (
        <Tag tone="info" icon={<PencilLine aria-hidden />}>
          {t`${typist} is typing…`}
        </Tag>
      )}
    </span>
  )
}
