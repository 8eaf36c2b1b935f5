/** Reads the fields of a report: texts, choices, and the customer of whom it speaks. */
import { Refusal } from '@patchbay/kit/refusal.ts'
import { sql } from 'kysely'
import type { AccountEntry } from '../../accounts/directory.ts'
import { fieldsOf } from '../../contacts/fields.ts'
import { isContactField } from '../../contacts/keys.ts'
import type { Context } from '../../context.ts'
import type { Db } from '../../db.ts'
import type { Fields } from '../receive/receive-body.ts'
import { type CustomFields, keyOf, readMapKey } from '../receive/receive-contact.ts'
import { createTextReader } from '../receive/receive-values.ts'

export type ReportContext = Pick<Context, 'config' | 'db' | 'gatekeeper' | 'pool' | 'push'>

/** Answers what is told to the channel. */
export type TakeReport = (ctx: ReportContext, account: AccountEntry, given: Given) => Promise<object>

/** By name, as the channel wrote them. */
export type Given = ReadonlyMap<string, unknown>

export function toGiven(fields: Fields): Given {
  return new Map(fields)
}

/** Null: not sent, or empty. */
export function readOptional(given: Given, field: string, mostChars: number): string | null {
  const text = createTextReader().text(field, given.get(field)) ?? ''
  if (text.length <= mostChars) return text === '' ? null : text
  throw new Refusal('OC-113', `${field} is longer than ${mostChars} characters.`, { field })
}

export function readMandatory(given: Given, field: string, mostChars: number): string {
  const text = readOptional(given, field, mostChars)
  if (text === null) throw new Refusal('OC-103', `${field} is missing or empty.`, { field })
  return text
}

export function readChoice<const C extends string>(given: Given, field: string, choices: readonly C[]): C {
  const text = readMandatory(given, field, 100)
  const choice = choices.find((one) => one === text)
  if (choice) return choice
  const detail = `${field} ${JSON.stringify(text)} is none of ${choices.join(', ')}.`
  throw new Refusal('OC-113', detail, { field, allowed: [...choices] })
}

const LONGEST_FROM = 1000

/** The contact of `from` and `mapKey`, found as the Receive URL finds it; undefined when there is none. */
export async function findContact(db: Db, account: AccountEntry, given: Given): Promise<number | undefined> {
  const from = readMandatory(given, 'from', LONGEST_FROM).trim()
  const name = readOptional(given, 'mapKey', 100)?.trim() ?? account.mapKey ?? undefined
  const customFields: CustomFields =
    name === undefined || isContactField(name)
      ? new Map()
      : new Map((await fieldsOf(db, account.listId)).map((field) => [field.id, field]))
  const mapKey = readMapKey(name, customFields)
  const key = keyOf(mapKey, from, customFields)
  const { rows } = await sql<{ id: number }>`
    select contact_id as id from contact_key
    where list_id = ${account.listId} and field = ${mapKey} and value = ${key} order by contact_id limit 1`.execute(
    db,
  )
  return rows[0]?.id
}
