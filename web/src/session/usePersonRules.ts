/** What is wrong with an e-mail or a new password, in words; the server holds the same. */
import { useLingui } from '@lingui/react/macro'
import { passwordFault, shortestPassword } from './password.ts'

export function usePersonRules() {
  const { t } = useLingui()
  return {
    email: (email: string): string | undefined =>
      /^[^@\s]+@[^@\s]+$/.test(email.trim()) ? undefined : t`Write a whole address such as ada@example.org.`,
    password: (password: string, email: string): string | undefined =>
      ({
        short: t`Too short: ${shortestPassword} characters or more.`,
        same: t`Not your e-mail, please.`,
        repeated: t`Use more than a few different characters.`,
        fine: undefined,
      })[passwordFault(password, email) ?? 'fine'],
    passwordHint: t`${shortestPassword} characters or more. A sentence is easier to keep than symbols.`,
  }
}
