/** Passes an interaction to a queue or a colleague, with a note for whoever gets it. */
import { Trans, useLingui } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/api.ts'
import { useMe } from '../../api/queries.ts'
import { Name } from '../../ui/Bidi.tsx'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Dot, SkeletonLines, Tag } from '../../ui/Mark.tsx'
import { SearchField } from '../../ui/SearchField.tsx'
import { Segments } from '../../ui/Tabs.tsx'
import { TextField } from '../../ui/TextField.tsx'
import { useChange } from './useChanges.ts'

interface TransferDialogProps {
  id: number
  isOpen: boolean
  onOpenChange: (isOpen: boolean) => void
  onDone: () => void
}

export default function TransferDialog({ id, isOpen, onOpenChange, onDone }: TransferDialogProps) {
  const { t } = useLingui()
  return (
    <Dialog title={t`Transfer`} isOpen={isOpen} onOpenChange={onOpenChange} size="medium">
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

const tones = { available: 'ok', paused: 'warn', offline: 'neutral' } as const
const rank = { available: 0, paused: 1, offline: 2 } as const

function Form({ id, onDone }: { id: number; onDone: () => void }) {
  const { t } = useLingui()
  const me = useMe()
  const [to, setTo] = useState<'queue' | 'agent'>('queue')
  const [search, setSearch] = useState('')
  const [note, setNote] = useState('')
  const transfer = useChange('POST /api/openchannel/interactions/:id/transfer', onDone)
  const queues = useQuery({
    queryKey: ['queues', 'names'],
    queryFn: () => api('GET /api/openchannel/queues', { query: { limit: 200 } }),
  })
  const users = useQuery({
    queryKey: ['users', 'names'],
    queryFn: () => api('GET /api/users', { query: { limit: 200 } }),
    staleTime: 0,
  })
  const pass = (target: { userId: number } | { queueId: number }) =>
    transfer.mutate({ params: { id }, body: { ...target, ...(note.trim() ? { note: note.trim() } : {}) } })
  const fits = (name: string) => name.toLowerCase().includes(search.trim().toLowerCase())
  const states = { available: t`Available`, paused: t`Paused`, offline: t`Offline` }
  const agents = (users.data?.rows ?? [])
    .filter((user) => !user.disabled && user.id !== me.id && fits(user.fullname))
    .sort((a, b) => rank[a.presence] - rank[b.presence] || a.fullname.localeCompare(b.fullname))
  const places = (queues.data?.rows ?? []).filter(({ name }) => fits(name))
  const first =
    to === 'queue' ? places[0] && { queueId: places[0].id } : agents[0] && { userId: agents[0].id }
  const isLoading = to === 'queue' ? queues.isPending : users.isPending
  return (
    <form
      className="transfer"
      onSubmit={(event) => {
        event.preventDefault()
        if (first) pass(first)
      }}
    >
      <Segments
        label={t`Transfer to`}
        selected={to}
        onSelect={setTo}
        items={[
          { id: 'queue', label: t`Queue` },
          { id: 'agent', label: t`Agent` },
        ]}
      />
      <SearchField
        label={to === 'queue' ? t`Find a queue` : t`Find an agent`}
        value={search}
        onChange={setSearch}
        autoFocus
      />
      <ul className="transfer-list">
        {isLoading ? <SkeletonLines lines={4} /> : null}
        {to === 'queue'
          ? places.map((queue) => (
              <li key={queue.id}>
                <Button variant="quiet" isWide onPress={() => pass({ queueId: queue.id })}>
                  <span className="transfer-line">
                    <Name>{queue.name}</Name>
                    <Tag>
                      <Trans>{queue.waiting} waiting</Trans>
                    </Tag>
                  </span>
                </Button>
              </li>
            ))
          : agents.map((user) => (
              <li key={user.id}>
                <Button variant="quiet" isWide onPress={() => pass({ userId: user.id })}>
                  <span className="transfer-line">
                    <Name>{user.fullname}</Name>
                    <Tag tone={tones[user.presence]} icon={<Dot tone={tones[user.presence]} />}>
                      {states[user.presence]}
                    </Tag>
                  </span>
                </Button>
              </li>
            ))}
        {!isLoading && !first ? (
          <li className="p-3 text-text-2">
            <Trans>Nothing matches</Trans>
          </li>
        ) : null}
      </ul>
      <TextField label={t`Note for whoever gets it`} value={note} onChange={setNote} maxLength={4000} />
      <button type="submit" hidden aria-hidden tabIndex={-1} />
    </form>
  )
}
