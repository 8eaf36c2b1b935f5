/** The interaction that is open: head, messages, composer, or why there is none of them. */
import { Trans, useLingui } from '@lingui/react/macro'
import type { InboxRow } from '@patchbay/protocol/api/interactions.ts'
import { useState } from 'react'
import { useMe } from '../../api/queries.ts'
import { useProblem } from '../../api/useProblem.ts'
import { useLive } from '../../live/store.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button, TextLink } from '../../ui/Button.tsx'
import { SkeletonLines, Tag } from '../../ui/Mark.tsx'
import { EmptyState } from '../../ui/Page.tsx'
import { useAddress } from '../address.ts'
import { Announcer } from './Announcer.tsx'
import { Composer } from './Composer.tsx'
import { firstUnread } from './entries.ts'
import { Messages } from './Messages.tsx'
import { ThreadHeader } from './ThreadHeader.tsx'
import { useRead } from './useRead.ts'
import { useThread } from './useThread.ts'

export function ThreadPane({ id, onPanel }: { id: number; onPanel: () => void }) {
  const { t } = useLingui()
  const words = useProblem()
  const row = useLive(({ rows }) => rows.get(id))
  const { thread, problem, isLoadingOlder, older, reload } = useThread(id)
  const { open } = useAddress()
  // Where reading went on is fixed when the thread opens: the mark must not run ahead of who reads.
  const [firstUnreadSeq] = useState(() => (thread && row ? firstUnread(thread.items, row.unread) : null))
  const [isClosing, setClosing] = useState(false)
  useRead(id, thread?.seq ?? 0, row?.unread ?? 0)

  if (problem) {
    return (
      <section className="thread">
        <EmptyState title={words(problem)} action={<Button onPress={reload}>{t`Try again`}</Button>} />
      </section>
    )
  }
  if (!thread || !row) {
    return (
      <section className="thread p-6" aria-busy>
        <SkeletonLines lines={6} />
      </section>
    )
  }
  const leave = () => open(undefined)
  return (
    <section className="thread" aria-label={t`Interaction with ${row.contact.name}`}>
      <ThreadHeader
        row={row}
        externalUrl={thread.externalUrl}
        isClosing={isClosing}
        setClosing={setClosing}
        onGone={leave}
        onPanel={onPanel}
      />
      <Messages
        id={id}
        thread={thread}
        firstUnreadSeq={firstUnreadSeq}
        isLoadingOlder={isLoadingOlder}
        older={older}
      />
      <Announcer items={thread.items} name={row.contact.name} />
      <Foot row={row} disposition={thread.disposition} canReply={thread.canReply}>
        <Composer
          interactionId={id}
          seq={thread.seq}
          noReply={thread.canReply ? null : <NoReply accountId={row.account.id} />}
          onClose={() => setClosing(true)}
          onNext={leave}
        />
      </Foot>
    </section>
  )
}

interface FootProps {
  row: InboxRow
  disposition: string | null
  canReply: boolean
  children: React.ReactNode
}

function Foot({ row, disposition, children }: FootProps) {
  if (row.closedAt === null) return children
  return (
    <footer className="thread-closed">
      <Trans>This interaction is closed.</Trans>
      {disposition ? <Tag>{disposition}</Tag> : null}
    </footer>
  )
}

function NoReply({ accountId }: { accountId: number }) {
  const me = useMe()
  return (
    <Banner
      tone="warn"
      isInset
      action={
        me.role === 'admin' ? (
          <TextLink href={`/admin/accounts/${accountId}/connect`}>
            <Trans>Set it now</Trans>
          </TextLink>
        ) : undefined
      }
    >
      {me.role === 'admin' ? (
        <Trans>This account cannot send: it has no Reply URL.</Trans>
      ) : (
        <Trans>This account cannot send: it has no Reply URL. Ask an admin to set it.</Trans>
      )}
    </Banner>
  )
}
