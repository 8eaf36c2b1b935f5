/** What is asked of Facebook, and what each permission and each task on a page is needed for. */

export interface Wanted {
  name: string
  for: 'messages' | 'wall'
  why: string
}

export const wantedPermissions: readonly Wanted[] = [
  { name: 'pages_show_list', for: 'messages', why: 'Show you your pages, so that you can choose one.' },
  {
    name: 'pages_manage_metadata',
    for: 'messages',
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
]

/** Of `granted`, what is missing for messages, and for the wall too where that is wanted. */
export function missingOf(granted: readonly string[], wall: boolean): string[] {
  return wantedPermissions
    .filter((permission) => wall || permission.for === 'messages')
    .map(({ name }) => name)
    .filter((name) => !granted.includes(name))
}

/** MANAGE is an admin, who may do everything. */
export function tasksAllow(tasks: readonly string[], what: 'messages' | 'wall' | 'subscription'): boolean {
  if (tasks.includes('MANAGE')) return true
  if (what === 'messages') return tasks.includes('MESSAGING')
  return tasks.includes('MODERATE')
}
