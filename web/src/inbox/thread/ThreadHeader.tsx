/** Who it is, where it comes from, who else looks, and what can be done with it. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { AnswerWindow, InboxRow } from '@patchbay/protocol/api/interactions.ts'
import { ArrowLeft, ExternalLink, MessageCircle, PanelRight } from 'lucide-react'
import { memo, type ReactElement, Suspense } from 'react'
import { useMayAnswer, useMe } from '../../api/queries.ts'
import { useLive } from '../../live/store.ts'
import { SandboxTag } from '../../shell/SandboxTag.tsx'
import { keysFor, useShortcut } from '../../shell/shortcuts.ts'
import { lazyWith } from '../../shell/words.ts'
import { Avatar } from '../../ui/Avatar.tsx'
import { Name } from '../../ui/Bidi.tsx'
import { IconButton } from '../../ui/Button.tsx'
import { useHandler } from '../../ui/useHandler.ts'
import { useOpenFor } from '../../ui/useOpenFor.ts'
import { useGo } from '../address.ts'
import { wishFocus } from '../focus.ts'
import { WhyButton } from '../WhyButton.tsx'
import { AnswerChip } from './AnswerTime.tsx'
import { useEndings } from './endings.ts'
import { HeaderActions } from './HeaderActions.tsx'
import { useChange } from './useChanges.ts'

const TransferDialog = lazyWith('pass-on', () => import('../../pass-on/TransferDialog.tsx'))

interface ThreadHeaderProps {
  row: InboxRow
  externalUrl: string | null
  /** Undefined until it is known. */
  answerWindow: AnswerWindow | undefined
  isClosing: boolean
  setClosing: (isOpen: boolean) => void
  isPanelShown: boolean
  onGone: (id: number) => void
  onBack: () => void
  onPanel: () => void
}

export function ThreadHeader({
  row,
  externalUrl,
  answerWindow,
  isClosing,
  setClosing,
  isPanelShown,
  onGone,
  onBack,
  onPanel,
}: ThreadHeaderProps) {
  const me = useMe()
  const { open, isAt } = useGo()
  const { id, contact, account, queue, user } = row
  const mayAnswer = useMayAnswer()
  const isOpen = row.closedAt === null && mayAnswer
  useEndings(id, isOpen)
  const [isTransferring, setTransferring] = useOpenFor(id)
  const transfer = useHandler(() => setTransferring(true))
  useShortcut('transfer', transfer, isOpen)
  const taking = useChange('POST /api/openchannel/interactions/:id/accept', (_, { params }) => {
    if (!isAt(params.id)) return
    open(params.id, 'mine')
    wishFocus('composer', params.id)
  })
  const take = useHandler(() => taking.mutate({ params: { id } }))
  const visit = useHandler(() => window.open(externalUrl ?? '', '_blank', 'noopener,noreferrer'))
  const gone = useHandler(() => onGone(id))
  return (
    <header className="thread-head">
      <Back onPress={onBack} />
      <Avatar name={contact.name} badge={channelGlyph} />
      <div className="min-w-0 flex-1">
        <h2 className="truncate text-h4">
          <Name>{contact.name}</Name>
        </h2>
        <p className="flex items-baseline gap-2 text-small text-text-2">
          <span className="truncate">
            {account.sandbox ? <SandboxTag /> : null} <bdi>{account.name}</bdi>
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
          </span>
          <WhyButton key={id} interactionId={id} />
        </p>
      </div>
      {isOpen && answerWindow?.until ? <AnswerChip window={answerWindow} /> : null}
      <Viewers id={id} />
      {externalUrl ? <Visit onPress={visit} /> : null}
      {isOpen ? (
        <HeaderActions
          isFree={user === null}
          isTaking={taking.isPending && taking.variables.params.id === id}
          setClosing={setClosing}
          closingId={isClosing ? id : undefined}
          onTake={take}
          onTransfer={transfer}
          onClosed={onGone}
        />
      ) : null}
      <PanelToggle isShown={isPanelShown} onPress={onPanel} />
      <Suspense>
        {isTransferring ? <TransferDialog id={id} onOpenChange={setTransferring} onDone={gone} /> : null}
      </Suspense>
    </header>
  )
}

const channelGlyph: ReactElement = <MessageCircle aria-hidden />

const Back = memo(function Back({ onPress }: { onPress: () => void }) {
  const { t } = useLingui()
  return (
    <span className="thread-back">
      <IconButton
        label={t`Back to the list`}
        icon={<ArrowLeft aria-hidden className="flip-rtl" />}
        onPress={onPress}
      />
    </span>
  )
})

const Visit = memo(function Visit({ onPress }: { onPress: () => void }) {
  const { t } = useLingui()
  return (
    <IconButton label={t`Open where it was written`} icon={<ExternalLink aria-hidden />} onPress={onPress} />
  )
})

const PanelToggle = memo(function PanelToggle({
  isShown,
  onPress,
}: {
  isShown: boolean
  onPress: () => void
}) {
  const { t } = useLingui()
  return (
    <IconButton
      label={isShown ? t`Hide the contact` : t`Show the contact`}
      icon={<PanelRight aria-hidden className="flip-rtl" />}
      keys={keysFor('panel')}
      aria-expanded={isShown}
      onPress={onPress}
    />
  )
})

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
