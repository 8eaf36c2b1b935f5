/** The way to what the audit log says of a thing. */
import { useLingui } from '@lingui/react/macro'
import { History as Icon } from 'lucide-react'
import { useMe } from '../../api/queries.ts'
import { LinkButton } from '../../ui/Button.tsx'

export function History({ object, id }: { object: string; id?: number }) {
  const { t } = useLingui()
  if (!useMe().permissions.includes('audit.read')) return null
  return (
    <LinkButton
      variant="quiet"
      href={`/admin/audit?object=${object}${id === undefined ? '' : `&objectId=${id}`}`}
      icon={<Icon aria-hidden />}
    >
      {t`History`}
    </LinkButton>
  )
}
