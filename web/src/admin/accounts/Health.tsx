/** How an account stands, in a word. */
import { useLingui } from '@lingui/react/macro'
import type { Account } from '@patchbay/protocol/api/accounts.ts'
import { Check, Clock, TriangleAlert } from 'lucide-react'
import { Tag } from '../../ui/Mark.tsx'

export function Health({ account }: { account: Account }) {
  const { t } = useLingui()
  if (account.firstMessageAt === null)
    return <Tag icon={<Clock aria-hidden />}>{t`Waits for its first message`}</Tag>
  if (!account.canReply)
    return <Tag tone="warn" icon={<TriangleAlert aria-hidden />}>{t`Cannot answer: no Reply URL`}</Tag>
  return <Tag tone="ok" icon={<Check aria-hidden />}>{t`Connected`}</Tag>
}
