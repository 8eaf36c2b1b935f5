/** What the audit log speaks of: kinds of objects and acts in words, where an object has its page, and spans of time. */
import type { MessageDescriptor } from '@lingui/core'
import { msg } from '@lingui/core/macro'
import { useLingui } from '@lingui/react/macro'

const kinds: Readonly<Record<string, { word: MessageDescriptor; page?: string }>> = {
  account: { word: msg`Account`, page: '/admin/accounts/' },
  queue: { word: msg`Queue`, page: '/admin/queues/' },
  app_user: { word: msg`User`, page: '/admin/users/' },
  team: { word: msg`Team`, page: '/admin/teams/' },
  role: { word: msg`Role` },
  api_key: { word: msg`Key` },
  interval: { word: msg`Interval`, page: '/admin/intervals/' },
  list: { word: msg`List`, page: '/admin/lists/' },
  custom_field: { word: msg`Custom field` },
  tag: { word: msg`Tag` },
  disposition: { word: msg`Disposition` },
  trigger: { word: msg`Trigger`, page: '/admin/triggers/' },
  skill: { word: msg`Skill` },
  pause: { word: msg`Pause` },
  presence_rule: { word: msg`Rules of presence` },
  sign_in_setting: { word: msg`Rules of signing in` },
  relay: { word: msg`Relay` },
  delivery: { word: msg`Delivery` },
  contact: { word: msg`Contact`, page: '/contacts/' },
}
export const objects: readonly string[] = Object.keys(kinds)

export function hrefOf(object: string, id: number | null): string | undefined {
  const page = kinds[object]?.page
  return page && id !== null ? `${page}${id}` : undefined
}

export function useObjectWord() {
  const { i18n } = useLingui()
  return (object: string) => {
    const kind = kinds[object]
    return kind ? i18n._(kind.word) : object
  }
}

const acts: Readonly<Record<string, MessageDescriptor>> = {
  created: msg`Made`,
  changed: msg`Changed`,
  deleted: msg`Deleted`,
  rotated: msg`Rotated`,
  revoked: msg`Revoked`,
  'secret-shown': msg`Secret shown`,
  'signed-in': msg`Signed in`,
  'signed-out': msg`Signed out`,
  'changed-password': msg`Password changed`,
  'view-as-began': msg`Began to look as`,
  'view-as-ended': msg`Stopped looking as`,
  'handed-over': msg`Handed over`,
  invited: msg`Invited`,
  replayed: msg`Delivered again`,
  'erased-log': msg`Log erased`,
}

export function useActionWord() {
  const { i18n } = useLingui()
  return (action: string) => (acts[action] ? i18n._(acts[action]) : action)
}

export type When = 'any' | 'day' | 'week' | 'month'
export const whens: readonly When[] = ['any', 'day', 'week', 'month']

const dayMs = 86_400_000

/** From the beginning of a day, so that the same question is the same address for the cache. */
export function since(when: When): string | undefined {
  if (when === 'any') return undefined
  const days = { day: 0, week: 7, month: 30 }[when]
  const start = new Date(Date.now() - days * dayMs)
  start.setHours(0, 0, 0, 0)
  return start.toISOString()
}
