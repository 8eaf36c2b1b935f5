/** Passes an interaction to a queue, a colleague or a team, with a note for whoever gets it. Loaded on first use. */
import './transfer.css'
import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { useChange } from '../inbox/thread/useChanges.ts'
import { Button } from '../ui/Button.tsx'
import { Switch } from '../ui/Choice.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { SearchField } from '../ui/SearchField.tsx'
import { Segments } from '../ui/Segments.tsx'
import { TextField } from '../ui/TextField.tsx'
import { TargetList } from './TargetList.tsx'
import { type TargetKind, useTargets } from './useTargets.ts'

interface TransferDialogProps {
  id: number
  onOpenChange: (isOpen: boolean) => void
  onDone: () => void
}

export default function TransferDialog({ id, onOpenChange, onDone }: TransferDialogProps) {
  const { t } = useLingui()
  return (
    <Dialog title={t`Transfer`} isOpen onOpenChange={onOpenChange} size="medium">
      {(close) => (
        <Form
          id={id}
          onDone={() => {
            close()
            onDone()
          }}
        />
      )}
    </Dialog>
  )
}

function Form({ id, onDone }: { id: number; onDone: () => void }) {
  const { t } = useLingui()
  const [kind, setKind] = useState<TargetKind>('queue')
  const [search, setSearch] = useState('')
  const [note, setNote] = useState('')
  const [rings, setRings] = useState(false)
  const [chosen, setChosen] = useState<number>()
  const { targets, isLoading } = useTargets(id, kind, search)
  const transfer = useChange('POST /api/openchannel/interactions/:id/transfer', onDone)
  // Typing finds: the first that fits is meant, until another is chosen.
  const target = targets.find((one) => one.id === chosen) ?? (search.trim() === '' ? undefined : targets[0])
  const move = (step: number) => {
    const at = targets.findIndex((one) => one.id === target?.id)
    setChosen(targets[Math.min(targets.length - 1, Math.max(0, at + step))]?.id)
  }
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault()
        if (!target) return
        const to = {
          queue: { queueId: target.id },
          agent: { userId: target.id, ring: rings },
          team: { teamId: target.id },
        }[kind]
        transfer.mutate({ params: { id }, body: { ...to, ...(note.trim() ? { note: note.trim() } : {}) } })
      }}
      onKeyDown={(event) => {
        if (event.target instanceof HTMLInputElement && event.target.type === 'radio') return
        if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
        event.preventDefault()
        move(event.key === 'ArrowDown' ? 1 : -1)
      }}
    >
      <Segments
        label={t`Transfer to`}
        selected={kind}
        onSelect={(next) => {
          setKind(next)
          setChosen(undefined)
        }}
        items={[
          { id: 'queue', label: t`Queue` },
          { id: 'agent', label: t`Agent` },
          { id: 'team', label: t`Team` },
        ]}
      />
      <SearchField
        label={{ queue: t`Find a queue`, agent: t`Find an agent`, team: t`Find a team` }[kind]}
        value={search}
        onChange={setSearch}
        autoFocus
      />
      <TargetList targets={targets} isLoading={isLoading} chosen={target?.id} onChoose={setChosen} />
      {kind === 'agent' ? (
        <Switch
          isSelected={rings}
          onChange={setRings}
          description={t`It comes back when it is declined, or not taken within a minute.`}
        >
          {t`Ask first`}
        </Switch>
      ) : null}
      <TextField label={t`Note for whoever gets it`} value={note} onChange={setNote} maxLength={4000} />
      <Button type="submit" variant="primary" isDisabled={!target} isPending={transfer.isPending}>
        {target ? <Trans>Transfer to {target.label}</Trans> : <Trans>Transfer</Trans>}
      </Button>
    </form>
  )
}
