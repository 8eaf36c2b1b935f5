/** Why only notes can be written, and who can change it. */
import { Trans } from '@lingui/react/macro'
import { useMe } from '../../api/queries.ts'
import { Banner } from '../../ui/Banner.tsx'
import { TextLink } from '../../ui/Button.tsx'

export function NoReply({ accountId }: { accountId: number }) {
  const { role } = useMe()
  if (role !== 'admin') {
    return (
      <Banner tone="warn" isInset>
        <Trans>This account cannot send: it has no Reply URL. Ask an admin to set it.</Trans>
      </Banner>
    )
  }
  return (
    <Banner
      tone="warn"
      isInset
      action={
        <TextLink href={`/admin/accounts/${accountId}/connect`}>
          <Trans>Set it now</Trans>
        </TextLink>
      }
    >
      <Trans>This account cannot send: it has no Reply URL.</Trans>
    </Banner>
  )
}
