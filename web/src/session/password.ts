/** The rules for a new password; the server holds the same. */
export const shortestPassword = 12

/** Why a password is refused, or null. */
export function passwordFault(password: string, email: string): 'short' | 'same' | 'repeated' | null {
  if (password.length < shortestPassword) return 'short'
  if (email && password.toLowerCase() === email.trim().toLowerCase()) return 'same'
  if (new Set(password).size < 4) return 'repeated'
  return null
}
