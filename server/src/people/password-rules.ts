/** Which passwords are refused when somebody chooses one. */
import { hashPassword } from '@patchbay/kit/password.ts'
import { Refusal } from '@patchbay/kit/refusal.ts'

// Those of at least twelve characters that lists of stolen passwords show most often, and the words people make such ones of.
const common = new Set([
  '123456789012',
  '1234567890123',
  '12345678901234',
  '123456789123',
  '123456789abc',
  '1234567890qwerty',
  '1q2w3e4r5t6y',
  '1qaz2wsx3edc',
  '1qaz2wsx3edc4rfv',
  'abcdefghijkl',
  'abcdefghijklm',
  'administrator',
  'adminadminadmin',
  'changemechangeme',
  'correcthorsebatterystaple',
  'iloveyouiloveyou',
  'letmeinletmein',
  'passwordpassword',
  'password1234',
  'password12345',
  'password123456',
  'qazwsxedcrfv',
  'qwerty123456',
  'qwertyqwerty',
  'qwertyuiop12',
  'qwertyuiop123',
  'qwertyuiopasdfgh',
  'unknownunknown',
  'welcomewelcome',
  'zaq12wsxcde3',
])

/** What is wrong with it, for the end of a sentence that begins with "The password". The length is the schema's matter. */
export function weaknessOf(password: string, email: string): string | undefined {
  const plain = password.toLowerCase()
  if (plain.includes(email.trim().toLowerCase())) return 'contains the e-mail address'
  if (common.has(plain.replace(/[\s._-]/g, ''))) return 'is among the most common ones'
  if (new Set(plain).size < 4) return 'repeats too few characters'
  return undefined
}

/** What to keep of a password that somebody chose; throws GE-101. Slow: call it outside of transactions. */
export async function choosePassword(password: string, email: string): Promise<string> {
  const weakness = weaknessOf(password, email)
  if (weakness) throw new Refusal('GE-101', `The password ${weakness}.`, { field: 'password' })
  return hashPassword(password)
}
