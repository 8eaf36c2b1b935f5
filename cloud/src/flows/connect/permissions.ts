/** What is asked of Facebook, and what each permission and each task on a page is needed for. */
import type { Purpose } from '../../channels/channel-kind.ts'

export interface Wanted {
  name: string
  for: Purpose
  why: string
}

interface Asked extends Wanted {
  alsoFor?: Purpose
}

const asked: readonly Asked[] = [
  {
    name: 'pages_show_list',
    for: 'messages',
    alsoFor: 'instagram',
    why: 'Show you your pages, so that you can choose one.',
  },
  {
    name: 'pages_manage_metadata',
    for: 'messages',
    alsoFor: 'instagram',
    why: 'Have Facebook tell us when somebody writes to the page.',
  },
  { name: 'pages_messaging', for: 'messages', why: 'Read and answer the messages of the page.' },
  {
    name: 'pages_read_engagement',
    for: 'messages',
    why: 'Read the name of the page and what it has published.',
  },
  {
    name: 'pages_read_user_content',
    for: 'wall',
    why: 'Read what visitors write on the wall of the page and below its posts.',
  },
  { name: 'pages_manage_engagement', for: 'wall', why: 'Answer as the page below posts and comments.' },
  {
    name: 'instagram_basic',
    for: 'instagram',
    why: 'See which Instagram account is linked to the page.',
  },
  {
    name: 'instagram_manage_messages',
    for: 'instagram',
    why: 'Read and answer the direct messages of that account.',
  },
]

export const allPurposes: readonly Purpose[] = ['messages', 'wall', 'instagram']
export const wantedPermissions: readonly Wanted[] = asked.map(({ alsoFor: _, ...wanted }) => wanted)

/** Of `granted`, what is missing for these. */
export function missingOf(granted: readonly string[], purposes: readonly Purpose[]): string[] {
  return asked
    .filter((one) => purposes.includes(one.for) || (one.alsoFor && purposes.includes(one.alsoFor)))
    .map(({ name }) => name)
    .filter((name) => !granted.includes(name))
}

/** MANAGE is an admin, who may do everything. */
export function tasksAllow(tasks: readonly string[], what: 'messages' | 'wall' | 'subscription'): boolean {
  if (tasks.includes('MANAGE')) return true
  if (what === 'messages') return tasks.includes('MESSAGING')
  return tasks.includes('MODERATE')
}
