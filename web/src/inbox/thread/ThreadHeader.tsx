/** Who it is, where it comes from, who else looks, and what can be done with it. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { InboxRow } from '@patchbay/protocol/api/interactions.ts'
import { ArrowLeft, ArrowLeftRight, ExternalLink, Hand, MessageCircle, PanelRight } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useMe } from '../../api/queries.ts'
import { useLive } from '../../live/store.ts'
import { keysFor, useShortcut } from '../../shell/shortcuts.ts'
import { Avatar } from '../../ui/Avatar.tsx'
import { Name } from '../../ui/Bidi.tsx'
import { Button, IconButton } from '../../ui/Button.tsx'
import { useAddress } from '../address.ts'
import { wishFocus } from '../focus.ts'
import { CloseMenu } from './CloseMenu.tsx'
import { useChange } from './useChanges.ts'

const TransferDialog = lazy(() => import('./TransferDialog.tsx'))

interface ThreadHeaderProps {
  row: InboxRow
  externalUrl: string | null
  isClosing: boolean
  setClosing: (isOpen: boolean) => void
  isPanelShown: boolean
  onGone: () => void
  onBack: () => void
  onPanel: () => void
}

export function ThreadHeader({
  row,
  externalUrl,
  isClosing,
  setClosing,
  isPanelShown,
  onGone,
  onBack,
  onPanel,
}: ThreadHeaderProps) {
  const { t } = useLingui()
  const me = useMe()
  const { open } = useAddress()
  const [isTransferring, setTransferring] = useState(false)
  const isOpen = row.closedAt === null
  useShortcut('transfer', () => setTransferring(true), isOpen)
  const { id, contact, account, queue, user } = row
  const taking = useChange('POST /api/openchannel/interactions/:id/accept', () => {
    open(id, 'mine')
    wishFocus('composer', id)
  })
  return (
    <header className="thread-head">
      <span className="thread-back">
        <IconButton
          label={t`Back to the list`}
          icon={<ArrowLeft aria-hidden className="flip-rtl" />}
          onPress={onBack}
        />
      </span>
      <Avatar name={contact.name} badge={<MessageCircle aria-hidden />} />
      <div className="min-w-0 flex-1">
        <h2 className="truncate text-h4">
          <Name>{contact.name}</Name>
        </h2>
        <p className="truncate text-small text-text-2">
          <bdi>{account.name}</bdi>
          {queue ? (
            <>
              {' · '}
              <bdi>{queue.name}</bdi>
            </>
          ) : null}
          {user ? (
            <>
              {' · '}
              {user.id === me.id ? <Trans>yours</Trans> : <bdi>{user.fullname}</bdi>}
            </>
          ) : null}
        </p>
      </div>
      <Viewers id={id} />
      {externalUrl ? (
        <IconButton
          label={t`Open where it was written`}
          icon={<ExternalLink aria-hidden />}
          onPress={() => window.open(externalUrl, '_blank', 'noopener,noreferrer')}
        />
      ) : null}
      {isOpen && user === null ? (
        <Button
          variant="primary"
          icon={<Hand aria-hidden />}
          isPending={taking.isPending}
          onPress={() => taking.mutate({ params: { id } })}
        >
          {t`Take`}
        </Button>
      ) : null}
      {isOpen ? (
        <>
          <Button
            icon={<ArrowLeftRight aria-hidden />}
            className="thread-action"
            aria-label={t`Transfer`}
            onPress={() => setTransferring(true)}
          >
            <span className="thread-action-word">{t`Transfer`}</span>
          </Button>
          <CloseMenu id={id} isOpen={isClosing} onOpenChange={setClosing} onClosed={onGone} />
        </>
      ) : null}
      <IconButton
        label={isPanelShown ? t`Hide the contact` : t`Show the contact`}
        icon={<PanelRight aria-hidden className="flip-rtl" />}
        keys={keysFor('panel')}
        aria-expanded={isPanelShown}
        onPress={onPanel}
      />
      <Suspense>
        {isTransferring ? <TransferDialog id={id} onOpenChange={setTransferring} onDone={onGone} /> : null}
      </Suspense>
    </header>
  )
}

function Viewers({ id }: { id: number }) {
  const { t } = useLingui()
  const me = useMe()
  const viewers = useLive((state) => state.viewers.get(id))
  const others = (viewers ?? []).filter((one) => one.id !== me.id).slice(0, 3)
  if (others.length === 0) return null
  return (
    <ul className="viewers" aria-label={t`Also looking`}>
      {others.map(({ id: userId, fullname }) => (
        <li key={userId}>
          <Avatar name={fullname} size={28} isNamed />
        </li>
      ))}
    </ul>
  )
}
