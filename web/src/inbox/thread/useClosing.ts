/** Closes an interaction once everything written in it has left this browser, and offers to take it back. */
import { useLingui } from '@lingui/react/macro'
import { useEffect, useState } from 'react'
import { api } from '../../api/api.ts'
import { useProblem } from '../../api/useProblem.ts'
import { used } from '../../live/dispositions.ts'
import { outbox } from '../../live/outbox.ts'
import { live } from '../../live/store.ts'
import { toast } from '../../ui/Toast.tsx'
import { useHandler } from '../../ui/useHandler.ts'
import { useGo } from '../address.ts'
import { useChange } from './useChanges.ts'

export interface Ending {
  id: number
  path: string
}

interface Closing {
  /** null: without saying how it ended. */
  close: (ending: Ending | null) => void
  isPending: boolean
}

/** To whom it goes back. */
type Holder = { UserId: number | null } | { queueId: number }
const nobody: Holder = { UserId: null }

function holderOf(id: number): Holder {
  const row = live().rows.get(id)
  if (row?.user) return { UserId: row.user.id }
  return row?.queue && row.state !== 'new' ? { queueId: row.queue.id } : nobody
}

/** `onGone`: it is closed. `onStay`: it stays open, and why was told. */
export function useClosing(id: number, onGone: () => void, onStay: () => void): Closing {
  const { t } = useLingui()
  const problem = useProblem()
  const { open } = useGo()
  const [chosen, setChosen] = useState<{ ending: Ending | null; holder: Holder }>()
  const items = outbox.use().filter((item) => item.interactionId === id)
  const isHeld = items.some(({ state }) => state === 'held')
  const isUnderWay = items.some(({ state }) => state === 'waiting' || state === 'sending')

  const undo = (holder: Holder) =>
    void api('PUT /api/openchannel/interactions/:id', {
      params: { id },
      body: { closed: false, ...holder },
    }).then(
      () => open(id),
      (error: unknown) => toast(problem(error), { tone: 'bad' }),
    )
  const closing = useChange('POST /api/openchannel/interactions/:id/close', (_, { body }) => {
    const path = chosen?.ending?.path
    if (path && body?.disposition) used(path)
    toast(path ? t`Closed: ${path}` : t`Closed`, {
      action: { label: t`Undo`, onPress: () => undo(chosen?.holder ?? nobody) },
    })
    onGone()
  })

  // An answer that is still on its way would come too late.
  const go = useHandler(() => {
    if (!chosen || closing.isPending || closing.isSuccess) return
    if (isHeld) {
      setChosen(undefined)
      toast(t`The customer wrote meanwhile: look before you close it.`, { tone: 'warn' })
      onStay()
    } else if (!isUnderWay) {
      const { ending } = chosen
      closing.mutate(
        { params: { id }, body: ending ? { disposition: ending.id } : {} },
        {
          onError: () => {
            setChosen(undefined)
            onStay()
          },
        },
      )
    }
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked at again whenever one of them changes
  useEffect(go, [chosen, isHeld, isUnderWay])
  const close = useHandler((ending: Ending | null) => setChosen({ ending, holder: holderOf(id) }))
  return { close, isPending: chosen !== undefined }
}
