/** What the cloud says, in the language of the pages: of integrations, and where it refuses to connect one. */
import { msg } from '@lingui/core/macro'
import { useLingui } from '@lingui/react'
import { type CloudSaid, inWords } from '@patchbay/protocol/cloud-said.ts'
import { addProblems } from '../../api/useProblem.ts'

export function useSaid(): (said: CloudSaid) => string {
  const { i18n } = useLingui()
  return ({ sentences }) => inWords(sentences, i18n.locale)
}

const ofConnecting = {
  'CL-101': msg`Facebook is not set up here yet. Who runs this site has to do that.`,
  'CL-103': msg`Your login at Facebook has ended. Log in there again.`,
  'CL-106': msg`This is no Receive URL. Copy the whole address from the Connect tab of your account.`,
  'CL-108': msg`This code opens nothing: it was mistyped, used, or is older than ten minutes.`,
}

// Here, since it is too much for the first page: whoever connects or looks at an integration has it, and only he is refused so.
addProblems(ofConnecting, ({ more }, locale) =>
  Array.isArray(more.sentences) ? inWords(more.sentences as CloudSaid['sentences'], locale) : undefined,
)
