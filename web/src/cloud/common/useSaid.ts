/** What the cloud says, in the language of the pages. */
import { useLingui } from '@lingui/react'
import { type CloudSaid, inWords } from '@patchbay/protocol/cloud-said.ts'

export function useSaid(): (said: CloudSaid) => string {
  const { i18n } = useLingui()
  return ({ sentences }) => inWords(sentences, i18n.locale)
}
