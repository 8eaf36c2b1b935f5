/** Routes of logging in at Facebook: to the dialog, back, and what it brought. */

import { Refusal } from '@patchbay/kit/refusal.ts'
import type { cloudIntegrationsApi, FacebookPage } from '@patchbay/protocol/api/cloud-integrations.ts'
import type { FastifyReply } from 'fastify'
import type { Caller, Handlers } from '../../access/endpoint.ts'
import type { Purpose } from '../../channels/channel-kind.ts'
import type { Context } from '../../context.ts'
import { GraphError } from '../../graph/graph-error.ts'
import * as integrations from '../../integrations/integrations.ts'
import * as logins from '../../integrations/logins.ts'
import { toSaid } from '../../texts/say.ts'
import { refuseGraph, requireFreshLogin } from './bind.ts'
import { arrive, dialogUrl } from './login.ts'
import { listPages, type Page, reasonAgainst } from './pages.ts'
import { allPurposes, missingOf, tasksAllow, wantedPermissions } from './permissions.ts'

type Routes = Pick<
  typeof cloudIntegrationsApi,
  | 'GET /connect/facebook'
  | 'GET /connect/facebook/callback'
  | 'GET /api/facebook'
  | 'DELETE /api/facebook'
  | 'GET /api/pages'
>

export function connectRoutes(ctx: Context): Handlers<Routes> {
  const { db, config, graph, log } = ctx

  // A person looks at this in a browser: what became of it is told on the page of the wizard.
  async function leadOn(reply: FastifyReply, outcome: Record<string, string>): Promise<null> {
    await reply.redirect(`/connect?${new URLSearchParams(outcome)}`, 302)
    return null
  }

  async function comeBack(caller: Caller | null, query: { code?: string; state?: string; error?: string }) {
    const isOurs = caller && query.state && (await logins.come(db, caller.sessionId, query.state))
    if (!isOurs) return { outcome: 'stale' }
    if (!query.code)
      return { outcome: query.error && query.error !== 'access_denied' ? 'failed' : 'cancelled' }
    try {
      const login = await arrive(ctx, query.code)
      await logins.save(ctx, caller.user.id, login)
      const missing = missingOf(login.granted, purposesAsked(ctx, login))
      const isUsable = isAllowed(login, ['messages'])
      return {
        outcome: isUsable ? 'done' : 'declined',
        ...(missing.length > 0 && { missing: missing.join(',') }),
      }
    } catch (error) {
      if (!(error instanceof GraphError || error instanceof Refusal)) throw error
      const fields =
        error instanceof GraphError ? { kind: error.kind, code: error.code, subcode: error.subcode } : {}
      log.warn({ ...fields, userId: caller.user.id }, 'a login at Facebook failed')
      return { outcome: 'failed', code: error instanceof Refusal ? error.code : 'CL-104' }
    }
  }

  return {
    'GET /connect/facebook': async ({ caller, query, reply }) => {
      graph.app()
      const state = await logins.begin(db, caller.sessionId)
      await reply.redirect(dialogUrl(ctx, state, query.again === true), 302)
      return null
    },

    'GET /connect/facebook/callback': async ({ caller, query, reply }) =>
      leadOn(reply, await comeBack(caller, query)),

    'GET /api/facebook': async ({ caller }) => {
      const login = await logins.find(db, ctx.sealingKey, caller.user.id)
      return {
        isSetUp: config.facebook !== undefined,
        login: login
          ? {
              name: login.name,
              granted: login.granted,
              missing: missingOf(login.granted, purposesAsked(ctx, login)),
              expiresAt: login.tokenExpiresAt?.toISOString() ?? null,
            }
          : null,
        permissions: [...wantedPermissions],
        replyUrl: `${config.publicUrl}/api/reply`,
        egressIps: config.egressIps,
      }
    },

    'DELETE /api/facebook': async ({ caller }) => {
      await logins.forget(db, caller.user.id)
      return null
    },

    'GET /api/pages': async ({ caller }) => {
      const login = await requireFreshLogin(ctx, caller.user.id)
      const pages = await listPages(ctx, login).catch(refuseGraph(ctx, caller.user.id))
      const live = await integrations.liveOfPages(
        db,
        pages.flatMap(({ id, instagram }) => (instagram ? [id, instagram.id] : [id])),
      )
      const rows = pages.map((page) => toFacebookPage(page, login, live, caller.user.id))
      return { count: rows.length, rows }
    },
  }
}

function toFacebookPage(
  page: Page,
  login: logins.Login,
  live: ReadonlyMap<string, integrations.Row>,
  userId: number,
): FacebookPage {
  const reason = toSaid(reasonAgainst(page, login, ['messages']) ?? null)
  const reasonOfAccount = toSaid(reasonAgainst(page, login, ['instagram']) ?? null)
  const { instagram } = page
  return {
    id: page.id,
    name: page.name,
    category: page.category,
    tasks: page.tasks,
    isAdmin: page.tasks.includes('MANAGE'),
    usable: reason === null,
    reason,
    canMessenger: reason === null,
    canWall: reason === null && isAllowed(login, ['wall']) && tasksAllow(page.tasks, 'wall'),
    connected: connectedAs(live.get(page.id), userId),
    instagram: {
      account: instagram,
      usable: reasonOfAccount === null,
      reason: reasonOfAccount,
      connected: connectedAs(instagram ? live.get(instagram.id) : undefined, userId),
    },
  }
}

function connectedAs(live: integrations.Row | undefined, userId: number): FacebookPage['connected'] {
  if (!live) return null
  const isYours = live.user_id === userId
  return {
    by: isYours ? 'you' : 'somebody',
    integrationId: isYours ? live.id : null,
    warning: isYours
      ? 'You have connected this already: connecting it again replaces that integration.'
      : 'Somebody else has connected this: his integration is replaced, and he is told.',
  }
}

const isAllowed = ({ granted }: Pick<logins.Login, 'granted'>, purposes: readonly Purpose[]): boolean =>
  missingOf(granted, purposes).length === 0

/** An operator whose app has no Instagram leaves it out of what is asked. */
function purposesAsked({ config }: Context, { granted, declined }: logins.Login): readonly Purpose[] {
  const answered = [...granted, ...declined]
  const isAsked = config.facebook?.configId
    ? answered.includes('instagram_manage_messages')
    : (config.facebook?.scopes?.includes('instagram_manage_messages') ?? true)
  return isAsked ? allPurposes : allPurposes.filter((purpose) => purpose !== 'instagram')
}
