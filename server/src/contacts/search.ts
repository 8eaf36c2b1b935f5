/** Which contacts a search text means: those whose name starts with it, and those of whom it is a whole identifying value. */
import { type RawBuilder, sql } from 'kysely'
import { identifyingFields, normalizeKey } from './keys.ts'

// The expressions of the indexes contact_name and contact_last_name, to the letter.
const fullName = sql`lower(left(coalesce(first_name, ''), 100) || ' ' || left(coalesce(last_name, ''), 100))`
const lastName = sql`lower(left(last_name, 100))`

/** A query of contact ids, in no order, with repetitions. */
export function idsFound(text: string): RawBuilder<{ id: number }> {
  const start = startOf(text)
  return sql`
    select contact_id as id from contact_key
      where list_id = any(array(select id from list)) and ${isKey(text)}
    union all
    select id from contact where ${fullName} like ${start}
    union all
    select id from contact where last_name is not null and ${lastName} like ${start}`
}

/** The same as a condition on the contact `c`, for texts that mean so many that a walk in some order soon meets one. */
export function isFound(text: string): RawBuilder<boolean> {
  const start = startOf(text)
  return sql`(${fullName} like ${start} or ${lastName} like ${start}
    or exists (select from contact_key where contact_id = c.id and ${isKey(text)}))`
}

function startOf(text: string): RawBuilder<string> {
  return sql`lower(${text.trim().replace(/[\\%_]/g, '\\$&')}) || '%'`
}

function isKey(text: string): RawBuilder<boolean> {
  const values = [...new Set([normalizeKey('phone', text), normalizeKey('email', text)])]
  return sql`field = any(${identifyingFields}::text[] || array(select 'cf_' || id from custom_field))
    and value = any(${values}::text[])`
}
