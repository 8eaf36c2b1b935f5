/** Which passwords are refused when somebody chooses one. */
import { hashPassword } from './password.ts'
import { Refusal } from './refusal.ts'

/** Known to everybody, and in no list because they are a joke or an example. */
const famous = ['correcthorsebatterystaple', 'changemechangeme', 'unknownunknown']
/** So many of the list count also when they are repeated, or stand between digits and signs. */
const MOST_COMMON = 3000

interface Common {
  all: ReadonlySet<string>
  most: ReadonlySet<string>
}
let common: Promise<Common> | undefined

// Fifty thousand words by how often they are found in leaks, MIT-licensed: read when somebody first chooses a password.
async function readCommon(): Promise<Common> {
  const { dictionary } = await import('@zxcvbn-ts/language-common')
  const words = dictionary['passwords-common'] as string[]
  return { all: new Set([...words, ...famous]), most: new Set(words.slice(0, MOST_COMMON)) }
}

/** What is wrong with it, for the end of a sentence that begins with "The password". The length is the schema's matter. */
export async function weaknessOf(password: string, email: string): Promise<string | undefined> {
  const plain = password.toLowerCase()
  if (plain.includes(email.trim().toLowerCase())) return 'contains the e-mail address'
  if (new Set(plain).size < 4) return 'repeats too few characters'
  common ??= readCommon()
  const { all, most } = await common
  const joined = plain.replace(/[\s._-]/g, '')
  const core = joined.replace(/^[\d\W_]+|[\d\W_]+$/g, '')
  if (all.has(plain) || all.has(joined) || unitsOf(core).some((unit) => most.has(unit)))
    return 'is among the most common ones'
  return undefined
}

/** The word itself, and whatever it is a repetition of. */
function unitsOf(word: string): string[] {
  return Array.from(word, (_, at) => word.slice(0, at + 1)).filter(
    (unit) => word.length % unit.length === 0 && unit.repeat(word.length / unit.length) === word,
  )
}

/** What to keep of a password that somebody chose; throws GE-101. Slow: call it outside of transactions. */
export async function choosePassword(password: string, email: string): Promise<string> {
  const weakness = await weaknessOf(password, email)
  if (weakness) throw new Refusal('GE-101', `The password ${weakness}.`, { field: 'password' })
  return hashPassword(password)
}
