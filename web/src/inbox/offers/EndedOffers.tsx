/** Says how an offer ended that the agent did not answer himself. */
import { useLingui } from '@lingui/react/macro'
import { useEffect } from 'react'
import { useMe } from '../../api/queries.ts'
import { update, useLive } from '../../live/store.ts'
import { toast } from '../../ui/Toast.tsx'

export function EndedOffers() {
  const { t } = useLingui()
  const me = useMe()
  const ended = useLive((state) => state.ended)
  useEffect(() => {
    if (ended.length === 0) return
    for (const { state, by } of ended) {
      if (state === 'taken' && by !== null && by !== me.fullname) toast(t`Taken by ${by}`)
      if (state === 'timeout') toast(t`The offer ran out and went on`, { tone: 'warn' })
    }
    update((state) => ({ ...state, ended: [] }))
  }, [ended, me.fullname, t])
  return null
}
