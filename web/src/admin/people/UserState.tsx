/** Whether somebody takes part, in a word. */
import { useLingui } from '@lingui/react/macro'
import type { User } from '@patchbay/protocol/api/people.ts'
import { Tag } from '../../ui/Mark.tsx'

export function UserState({ user }: { user: User }) {
  const { t } = useLingui()
  if (user.disabled) return <Tag tone="bad">{t`Disabled`}</Tag>
  if (user.invited) return <Tag tone="accent">{t`Invited`}</Tag>
  if (user.presence === 'available') return <Tag tone="ok">{t`Available`}</Tag>
  if (user.presence === 'paused') return <Tag tone="warn">{t`Paused`}</Tag>
  return <Tag>{t`Offline`}</Tag>
}
