/** Marks what is only for trying out. */
import { useLingui } from '@lingui/react/macro'
import { FlaskConical } from 'lucide-react'
import { Tag } from '../ui/Mark.tsx'

export function SandboxTag() {
  const { t } = useLingui()
  return (
    <Tag
      tone="info"
      icon={<FlaskConical aria-hidden />}
      title={t`For trying out: left out of reports.`}
    >{t`Sandbox`}</Tag>
  )
}
