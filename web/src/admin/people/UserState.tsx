/** Whether somebody takes part, in a word. */
import { useLingui } from '@lingui/react/macro'
import type { User } from '@patchbay/protocol/api/people.ts'
import { stateNames, stateTones } from '../../shell/presence.ts'
import { Tag } from '../../ui/Mark.tsx'

export function UserState({ user }: { user: User }) {
  const { t, i18n } = useLingui()
  if (user.disabled) return <Tag tone="bad">{t`Disabled`}</Tag>
  if (user.invited) return <Tag tone="accent">{t`Invited`}</Tag>
  return <Tag tone={stateTones[user.presence]}>{i18n._(stateNames[user.presence])}</Tag>
}
