/** The names of the colours of tags. */
import { useLingui } from '@lingui/react/macro'
import type { Tag } from '@patchbay/protocol/api/contacts.ts'

export function useColors(): Readonly<Record<Tag['color'], string>> {
  const { t } = useLingui()
  return {
    neutral: t`Grey`,
    accent: t`Violet`,
    ok: t`Green`,
    warn: t`Amber`,
    bad: t`Red`,
    info: t`Blue`,
  }
}
