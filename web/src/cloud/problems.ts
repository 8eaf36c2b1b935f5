/** Refusals of the cloud by their code, and those of the desk that are said otherwise here, where there is no admin to ask. */
import { msg } from '@lingui/core/macro'

export const problems = {
  'GE-110': msg`A mistake on our side. Try again; if it stays, tell who runs this site.`,
  'AU-102': msg`Too many attempts. Wait some minutes, then try again.`,
  'CL-102': msg`Not this code. Use the one of the newest mail, or have another sent.`,
}
