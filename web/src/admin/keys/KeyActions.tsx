/** A successor for a key, or its end. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { Key } from '@patchbay/protocol/api/people.ts'
import { useQueryClient } from '@tanstack/react-query'
import { Ellipsis, RotateCw, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { api } from '../../api/api.ts'
import { useProblem } from '../../api/useProblem.ts'
import { Id } from '../../ui/Bidi.tsx'
import { Button, IconButton } from '../../ui/Button.tsx'
import { Confirm } from '../../ui/Confirm.tsx'
import { useNow } from '../../ui/clock.ts'
import { Menu } from '../../ui/Menu.tsx'
import { Time } from '../../ui/Time.tsx'
import { toast } from '../../ui/Toast.tsx'
import { OverlapSelect } from '../common/OverlapSelect.tsx'
import { useRemove } from '../common/useRemove.ts'
import type { FreshKey } from './ShownOnce.tsx'
import { endOf } from './scopes.ts'

export function KeyActions({ apiKey, onMade }: { apiKey: Key; onMade: (key: FreshKey) => void }) {
  const { t } = useLingui()
  const [asked, setAsked] = useState<'rotate' | 'revoke'>()
  const revoke = useRemove('DELETE /api/keys/:id', apiKey.id, { keys: ['keys'] })
  const state = (what: 'rotate' | 'revoke') => ({
    isOpen: asked === what,
    onOpenChange: (isOpen: boolean) => setAsked(isOpen ? what : undefined),
  })
  // Its successor is there, or its end is near: then it can go at any moment.
  const isEnding = endOf(apiKey, useNow(60_000)) === 'soon'
  return (
    <span className="flex items-center justify-end gap-1">
      {isEnding ? (
        <Button size="small" onPress={() => setAsked('revoke')}>
          <Trans>Revoke now…</Trans>
        </Button>
      ) : null}
      <Menu
        label={t`Actions for ${apiKey.name}`}
        placement="bottom end"
        trigger={<IconButton label={t`Actions for ${apiKey.name}`} icon={<Ellipsis aria-hidden />} />}
        items={[
          {
            id: 'rotate',
            label: t`Rotate…`,
            icon: <RotateCw aria-hidden />,
            onAction: () => setAsked('rotate'),
          },
          {
            id: 'revoke',
            label: t`Revoke…`,
            icon: <Trash2 aria-hidden />,
            tone: 'bad',
            onAction: () => setAsked('revoke'),
          },
        ]}
      />
      <Rotate apiKey={apiKey} onMade={onMade} {...state('rotate')} />
      <Confirm
        {...state('revoke')}
        title={t`Revoke ${apiKey.name}?`}
        confirm={t`Revoke the key`}
        typeToConfirm={apiKey.name}
        onConfirm={revoke}
      >
        <p>
          <Trans>Whatever uses it is refused from this moment on. This cannot be undone.</Trans>
        </p>
        <p>
          {apiKey.lastUsedAt ? (
            <Trans>
              It was last used <Time value={apiKey.lastUsedAt} style="long" /> from{' '}
              <Id>{apiKey.lastUsedIp ?? ''}</Id>.
            </Trans>
          ) : (
            <Trans>It was never used.</Trans>
          )}
        </p>
      </Confirm>
    </span>
  )
}

interface RotateProps {
  apiKey: Key
  onMade: (key: FreshKey) => void
  isOpen: boolean
  onOpenChange: (isOpen: boolean) => void
}

function Rotate({ apiKey, onMade, ...state }: RotateProps) {
  const { t } = useLingui()
  const client = useQueryClient()
  const problem = useProblem()
  const [overlapSeconds, setOverlap] = useState(86_400)
  const rotate = async () => {
    try {
      const made = await api('POST /api/keys/:id/rotate', {
        params: { id: apiKey.id },
        body: { overlapSeconds },
      })
      void client.invalidateQueries({ queryKey: ['keys'] })
      onMade(made)
    } catch (error) {
      toast(problem(error), { tone: 'bad' })
      throw error
    }
  }
  return (
    <Confirm
      {...state}
      title={t`Rotate ${apiKey.name}`}
      confirm={t`Make a successor`}
      isHarmless={overlapSeconds > 0}
      onConfirm={rotate}
    >
      <div className="flex flex-col gap-4">
        <p>
          <Trans>The successor works at once and has the same scopes.</Trans>
        </p>
        <OverlapSelect label={t`The old key works for`} value={overlapSeconds} onChange={setOverlap} />
      </div>
    </Confirm>
  )
}
