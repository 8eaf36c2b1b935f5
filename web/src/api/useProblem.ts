/** Refusals in the language of the viewer: what happened and what to do, by the stable code. */

import type { MessageDescriptor } from '@lingui/core'
import { msg } from '@lingui/core/macro'
import { useLingui } from '@lingui/react'
import { ApiError } from './api.ts'

const ours = msg`A mistake on our side. Try again; if it stays, tell your admin.`

/** For codes that a person can meet at the desk. Others show the server's own sentence. */
const words: Record<string, MessageDescriptor> = {
  offline: msg`The server cannot be reached. Check the connection and try again.`,
  'GE-102': msg`This name is taken. Choose another.`,
  'GE-104': msg`Somebody else saved a change meanwhile. Look at it, then save again.`,
  'GE-105': msg`Not found, or you may not see it.`,
  'GE-109': msg`The server is busy. Try again in a moment.`,
  'GE-110': ours,
  'AU-101': msg`Wrong e-mail or password.`,
  'AU-102': msg`Too many failed attempts. Wait a minute, then try again.`,
  'AU-103': msg`This set-up link is used up. Sign in, or take the link from the newest start of the program.`,
  'AU-104': msg`You are not signed in.`,
  'AU-105': msg`Your role does not allow this. Ask an admin.`,
  'AU-107': msg`This link is used up. Ask for a new one.`,
  'AU-108': msg`Wrong code, or one that was used before.`,
  'AU-109': msg`That took too long. Begin again with your password.`,
  'AU-112': msg`Your role needs a second factor, so it stays on.`,
  'AU-113': msg`Only admins sign in by password here. Use single sign-on.`,
  'AU-114': msg`Single sign-on failed. Try once more; if it stays, tell your admin.`,
  'AU-115': msg`The provider does not confirm your e-mail address.`,
  'AU-116': msg`Nobody here has your e-mail address. Ask an admin to let you in.`,
  'AU-117': msg`Your user was disabled. Ask an admin.`,
  'PE-102': msg`The user has a password already, or is disabled.`,
  'PE-101': msg`The last admin stays. Make another user admin first.`,
  'AC-101': msg`Enter a whole address such as https://api.example.com/reply.`,
  'IN-101': msg`The contact already has an open interaction on this account.`,
  'IN-103': msg`The interaction is closed. Reopen it first.`,
  'OF-101': msg`Somebody else accepted it first.`,
  'OF-102': msg`The offer is over.`,
  'RE-101': msg`This account cannot send: it has no Reply URL.`,
  'RE-102': msg`Write something or attach a file.`,
  'RE-103': msg`The customer wrote meanwhile. Read it, then send.`,
  'RE-105': msg`The channel takes no more answers: the time to answer is over.`,
  'AT-102': msg`The file is empty.`,
  'AT-103': msg`The file is too large.`,
  'AT-105': msg`The file is gone: its lifetime is over.`,
}

type Read = (refusal: ApiError, locale: string) => string | undefined
/** What a refusal says of this one case, in the language of the viewer; it goes before the words of its code. */
let readOwn: Read | undefined

/** What else can be met in an app other than the desk, or is said otherwise there. */
export function addProblems(more: Readonly<Record<string, MessageDescriptor>>, read?: Read): void {
  Object.assign(words, more)
  if (read) readOwn = read
}

export function useProblem() {
  const { i18n } = useLingui()
  return (error: unknown): string => {
    if (!(error instanceof ApiError)) return i18n._(ours)
    const known = words[error.code]
    return readOwn?.(error, i18n.locale) ?? (known ? i18n._(known) : error.detail)
  }
}
