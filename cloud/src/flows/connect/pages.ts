/** The pages of whoever logged in at Facebook: those it lists, and those of businesses, which it names only beside the token. */
import type { Purpose } from '../../channels/channel-kind.ts'
import type { Context } from '../../context.ts'
import { GraphError } from '../../graph/graph-error.ts'
import type { Login } from '../../integrations/logins.ts'
import { say } from '../../texts/say.ts'
import { missingOf, tasksAllow } from './permissions.ts'

export interface Page {
  id: string
  name: string
  category: string | null
  tasks: string[]
  /** Null where Facebook gives none to this person. */
  token: string | null
  /** The Instagram account that is linked to it. */
  instagram: InstagramAccount | null
}

export interface InstagramAccount {
  id: string
  username: string
}

interface Listed {
  id: string
  name?: string
  category?: string
  tasks?: string[]
  access_token?: string
  instagram_business_account?: { id: string; username?: string }
}

interface TokenFacts {
  data?: { granular_scopes?: { scope: string; target_ids?: string[] }[] }
}

const FIELDS = 'id,name,access_token,tasks,category'
const INSTAGRAM_FIELDS = `${FIELDS},instagram_business_account{id,username}`

/** The account is asked for only of somebody who allowed it to be seen. */
const fieldsFor = ({ granted }: Login): string =>
  granted.includes('instagram_basic') ? INSTAGRAM_FIELDS : FIELDS
const MOST_NAMED = 200

export async function listPages({ graph }: Pick<Context, 'graph'>, login: Login): Promise<Page[]> {
  const fields = fieldsFor(login)
  const listed = await graph.list<Listed>('me/accounts', login.token, { fields, limit: '100' })
  const pages = listed.map(toPage)
  const known = new Set(pages.map(({ id }) => id))
  const named = (await pagesOfToken(graph, login.token)).filter((id) => !known.has(id)).slice(0, MOST_NAMED)
  for (const id of named) {
    const page = await readPage(graph, login.token, id, fields)
    if (page) pages.push(page)
  }
  return pages.sort((a, b) => a.name.localeCompare(b.name))
}

export async function findPage(
  ctx: Pick<Context, 'graph'>,
  login: Login,
  id: string,
): Promise<Page | undefined> {
  return (await listPages(ctx, login)).find((page) => page.id === id)
}

/** Undefined for a page that can be connected with these options; else why not, in words. */
export function reasonAgainst(page: Page, login: Login, purposes: readonly Purpose[]): string | undefined {
  const missing = missingOf(login.granted, purposes)
  const isWallAlone =
    purposes.includes('wall') &&
    missingOf(
      login.granted,
      purposes.filter((purpose) => purpose !== 'wall'),
    ).length === 0
  if (missing.length > 0)
    return say(isWallAlone ? 'not-granted-wall' : 'not-granted', { names: missing.join(', ') })
  if (purposes.includes('instagram') && page.instagram === null) return say('no-instagram')
  if (!tasksAllow(page.tasks, 'messages')) return say('no-task-messages')
  if (!tasksAllow(page.tasks, 'subscription')) return say('no-task-moderate')
  return page.token === null ? say('no-token') : undefined
}

// Without `business_management` a page that belongs to a business portfolio is missing in the list.
async function pagesOfToken(graph: Context['graph'], token: string): Promise<string[]> {
  const { data } = await graph.get<TokenFacts>('debug_token', graph.appToken(), { input_token: token })
  const ofPages = (data?.granular_scopes ?? []).filter(({ scope }) => scope.startsWith('pages_'))
  return [...new Set(ofPages.flatMap(({ target_ids }) => (target_ids ?? []).map(String)))]
}

async function readPage(
  graph: Context['graph'],
  token: string,
  id: string,
  fields: string,
): Promise<Page | undefined> {
  try {
    return toPage(await graph.get<Listed>(encodeURIComponent(id), token, { fields }))
  } catch (error) {
    // It was named, and cannot be seen all the same: a page that is gone, or no page at all.
    if (error instanceof GraphError && !error.retryable && error.kind !== 'token') return undefined
    throw error
  }
}

function toPage({
  id,
  name,
  category,
  tasks,
  access_token,
  instagram_business_account: account,
}: Listed): Page {
  return {
    id: String(id),
    name: name ?? String(id),
    category: category ?? null,
    tasks: tasks ?? [],
    token: access_token ?? null,
    instagram: account ? { id: String(account.id), username: account.username ?? String(account.id) } : null,
  }
}
