/** What a user's e-mail and password must be; the server holds the same. */
import { useLingui } from '@lingui/react/macro'
import { passwordFault, shortestPassword } from '../../session/password.ts'

export function useUserRules() {
  const { t } = useLingui()
  return {
    email: (value: string) =>
      /^[^@\s]+@[^@\s]+$/.test(value.trim()) || t`Write a whole address such as ada@example.org.`,
    password: (value: string, email: string) =>
      ({
        short: t`Too short: ${shortestPassword} characters or more.`,
        same: t`Not the e-mail, please.`,
        repeated: t`Use more than a few different characters.`,
        fine: true as const,
      })[passwordFault(value, email) ?? 'fine'],
  }
}
