/** Refusals of the cloud by their code, and those of the desk that are said otherwise here, where there is no admin to ask. */
import { msg } from '@lingui/core/macro'
import { type CloudSaid, inWords } from '@patchbay/protocol/cloud-said.ts'
import type { ApiError } from '../api/api.ts'

export const problems = {
  'GE-110': msg`A mistake on our side. Try again; if it stays, tell who runs this site.`,
  'AU-101': msg`Wrong e-mail or password.`,
  'AU-102': msg`Too many attempts. Wait some minutes, then try again.`,
  'CL-101': msg`Facebook is not set up here yet. Who runs this site has to do that.`,
  'CL-102': msg`Not this code. Use the one of the newest mail, or have another sent.`,
  'CL-103': msg`Your login at Facebook has ended. Log in there again.`,
  'CL-106': msg`This is no Receive URL. Copy the whole address from the Connect tab of your account.`,
  'CL-108': msg`This code opens nothing: it was mistyped, used, or is older than ten minutes.`,
}

/** What the cloud says of this one case, where it does so by code. */
export function readSentences({ more }: ApiError, locale: string): string | undefined {
  return Array.isArray(more.sentences) ? inWords(more.sentences as CloudSaid['sentences'], locale) : undefined
}
