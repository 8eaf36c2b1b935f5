/** The fields of what the audit log of the cloud speaks of, and their values, in words. */
import type { MessageDescriptor } from '@lingui/core'
import { msg } from '@lingui/core/macro'
import { useLingui } from '@lingui/react/macro'
import { usePermissionWords } from '../common/permission-words.ts'
import { stateWords } from '../common/StateTag.tsx'

const fields: Readonly<Record<string, MessageDescriptor>> = {
  page_name: msg`Page`,
  receive_url: msg`Receive URL`,
  account_id: msg`Account`,
  server_name: msg`Contact centre`,
  messenger: msg`Messenger`,
  wall_posts: msg`Wall posts and comments`,
  comment_depth: msg`How deep`,
  wall_files: msg`Files from the wall`,
  language: msg`Language`,
  state: msg`State`,
  state_reason: msg`Reason`,
  receive_url_sealed: msg`Token in the Receive URL`,
  api_key_sealed: msg`API key`,
  secret_sealed: msg`Secret of the account`,
  page_token_sealed: msg`Token of the page`,
  locale: msg`Language`,
  verified_at: msg`E-mail confirmed`,
  password_hash: msg`Password`,
  granted: msg`Allowed`,
  declined: msg`Not allowed`,
  token_sealed: msg`Login at Facebook`,
}

/** Those that are known here, in this order: the rest are numbers for machines. */
export const fieldNames: readonly string[] = Object.keys(fields)

const depths: Readonly<Record<string, MessageDescriptor>> = {
  0: msg`Posts alone`,
  1: msg`Posts and comments on them`,
  2: msg`Posts, comments, and answers to comments`,
}

const languages: Readonly<Record<string, string>> = { en: 'English', it: 'Italiano' }

export function useFieldWords() {
  const { i18n, t } = useLingui()
  const permission = usePermissionWords()
  const known = (words: Readonly<Record<string, MessageDescriptor>>, value: unknown): string => {
    const word = words[String(value)]
    return word ? i18n._(word) : String(value)
  }
  return {
    nameOf: (field: string) => known(fields, field),
    /** Undefined for nothing. */
    wordsOf(field: string, value: unknown): string | undefined {
      if (value === null || value === undefined || value === '') return undefined
      if (typeof value === 'boolean') return value ? t`On` : t`Off`
      if (Array.isArray(value)) return value.map((one) => permission(String(one))).join('; ') || undefined
      if (field === 'state') return known(stateWords, value)
      if (field === 'comment_depth') return known(depths, value)
      if (field === 'language' || field === 'locale') return languages[String(value)] ?? String(value)
      if (field === 'verified_at')
        return i18n.date(String(value), { dateStyle: 'medium', timeStyle: 'short' })
      return String(value)
    },
  }
}

/** Written by the database in the place of what nobody shall read. */
export const isSecret = (value: unknown): boolean => value === '[secret]'
