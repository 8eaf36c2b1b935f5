/** The interaction that is open: head, messages, composer, or why there is none of them. */
import './thread.css'
import { useLingui } from '@lingui/react/macro'
import { ArrowLeft } from 'lucide-react'
import { memo, type ReactNode, useState } from 'react'
import { useMayAnswer } from '../../api/queries.ts'
import { useProblem } from '../../api/useProblem.ts'
import { useLive } from '../../live/store.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { SkeletonLines } from '../../ui/Mark.tsx'
import { EmptyState } from '../../ui/Page.tsx'
import { useHandler } from '../../ui/useHandler.ts'
import { useOpenFor } from '../../ui/useOpenFor.ts'
import { useGo } from '../address.ts'
import { wishFocus } from '../focus.ts'
import { neighbourOf } from '../neighbour.ts'
import { useIsNarrow } from '../useLayout.ts'
import { Announcer } from './Announcer.tsx'
import { Composer } from './Composer.tsx'
import { firstUnread } from './entries.ts'
import { Messages } from './Messages.tsx'
import { ThreadClosed } from './ThreadClosed.tsx'
import { ThreadHeader } from './ThreadHeader.tsx'
import { useThread } from './useThread.ts'

interface ThreadPaneProps {
  id: number
  isPanelShown: boolean
  onPanel: () => void
  onBack: () => void
}

/**
 * Stays when another interaction is opened, since building head and composer anew is most of what a switch costs. So whatever is
 * kept here, in the head or in the composer names the interaction that it belongs to.
 */
export const ThreadPane = memo(function ThreadPane({ id, isPanelShown, onPanel, onBack }: ThreadPaneProps) {
  const { t } = useLingui()
  const words = useProblem()
  const mayAnswer = useMayAnswer()
  const row = useLive(({ rows }) => rows.get(id))
  const { thread, problem, isLoadingOlder, older, reload } = useThread(id)
  const { open, isAt } = useGo()
  const isNarrow = useIsNarrow()
  const [isClosing, setClosing] = useOpenFor(id)
  const onGone = useHandler((gone: number) => {
    if (!isAt(gone)) return
    open(isNarrow ? undefined : neighbourOf(gone))
    wishFocus('list')
  })
  // Where reading went on is fixed when the thread is first seen whole: the mark must not run ahead of who reads.
  const [mark, setMark] = useState<{ id: number; seq: number | null }>()
  const isWhole = thread !== undefined && row !== undefined && thread.seq >= row.seq
  if (isWhole && mark?.id !== id) setMark({ id, seq: firstUnread(thread.items, row.unread) })

  if (problem) {
    return (
      <Waiting onBack={onBack}>
        <EmptyState title={words(problem)} action={<Button onPress={reload}>{t`Try again`}</Button>} />
      </Waiting>
    )
  }
  if (!row) {
    return (
      <Waiting onBack={onBack}>
        <div className="p-6" aria-busy>
          <SkeletonLines lines={6} />
        </div>
      </Waiting>
    )
  }
  return (
    <section className="thread" aria-label={t`Interaction with ${row.contact.name}`}>
      <ThreadHeader
        row={row}
        externalUrl={thread?.externalUrl ?? null}
        answerWindow={thread?.window}
        isClosing={isClosing}
        setClosing={setClosing}
        isPanelShown={isPanelShown}
        onGone={onGone}
        onBack={onBack}
        onPanel={onPanel}
      />
      {thread ? (
        <>
          <Messages
            key={id}
            id={id}
            thread={thread}
            unread={row.unread}
            firstUnreadSeq={mark?.id === id ? mark.seq : null}
            isLoadingOlder={isLoadingOlder}
            older={older}
          />
          <Announcer key={`said-${id}`} items={thread.items} name={row.contact.name} />
        </>
      ) : (
        <div className="messages-frame p-6" aria-busy>
          <SkeletonLines lines={6} />
        </div>
      )}
      {!mayAnswer ? null : row.closedAt === null ? (
        <Composer
          interactionId={id}
          accountId={row.account.id}
          customer={row.contact.name}
          thread={thread}
          onClose={setClosing}
          onNext={onGone}
          onLeave={onBack}
        />
      ) : (
        <ThreadClosed key={`closed-${id}`} id={id} disposition={thread?.disposition ?? null} />
      )}
    </section>
  )
})

/** Even before there is anything to see, one can go back. */
function Waiting({ onBack, children }: { onBack: () => void; children: ReactNode }) {
  const { t } = useLingui()
  return (
    <section className="thread">
      <div className="thread-back p-2">
        <IconButton
          label={t`Back to the list`}
          icon={<ArrowLeft aria-hidden className="flip-rtl" />}
          onPress={onBack}
        />
      </div>
      {children}
    </section>
  )
}
