/** The handler of every endpoint of the table, from the room or flow whose it is. One that is missing does not compile. */
import type { Api } from '@patchbay/protocol/api.ts'
import type { Handlers } from './access/endpoint.ts'
import { accountsRoutes } from './accounts/accounts.routes.ts'
import type { Directory } from './accounts/directory.ts'
import type { Arrivals } from './arrivals/arrivals.ts'
import { attachmentsRoutes } from './attachments/attachments.routes.ts'
import { contactsRoutes } from './contacts/contacts.routes.ts'
import type { Context } from './context.ts'
import { deleteUsedRoutes } from './flows/administer/delete-used.routes.ts'
import { editContactRoutes } from './flows/administer/edit-contact.routes.ts'
import { eraseLogRoutes } from './flows/administer/erase-log.ts'
import { saveAccountRoutes } from './flows/administer/save-account.routes.ts'
import { saveDispositionRoutes } from './flows/administer/save-disposition.routes.ts'
import { saveIntervalRoutes } from './flows/administer/save-interval.routes.ts'
import { saveQueueRoutes } from './flows/administer/save-queue.routes.ts'
import { saveSkillRoutes } from './flows/administer/save-skill.routes.ts'
import { saveUserRoutes } from './flows/administer/save-user.routes.ts'
import { tryActionsRoutes } from './flows/administer/try-actions.ts'
import { connectRoutes } from './flows/connect/connect.routes.ts'
import { pairRoutes } from './flows/connect/pair.routes.ts'
import { deliverRoutes } from './flows/deliver/deliver.routes.ts'
import { deskRoutes } from './flows/desk/desk.routes.ts'
import { interactionsRoutes } from './flows/interactions.routes.ts'
import { leave, presenceRoutes } from './flows/presence/presence.routes.ts'
import type { Links } from './flows/relay/links.ts'
import { relayRoutes } from './flows/relay/relay.routes.ts'
import { replyRoutes } from './flows/reply/reply.routes.ts'
import { popupRoutes } from './flows/trigger/popup.routes.ts'
import { saveTriggerRoutes } from './flows/trigger/save-trigger.routes.ts'
import { keysRoutes } from './people/keys.routes.ts'
import { meRoutes } from './people/me.routes.ts'
import { ownSessionsRoutes } from './people/own-sessions.routes.ts'
import { passwordLinksRoutes } from './people/password-links.routes.ts'
import { rolesRoutes } from './people/roles.routes.ts'
import { secondFactorRoutes } from './people/second-factor/second-factor.routes.ts'
import { signInStepRoutes } from './people/second-factor/sign-in-step.routes.ts'
import { sessionRoutes } from './people/session.routes.ts'
import { setupRoutes } from './people/setup.routes.ts'
import { signInSettingsRoutes } from './people/sign-in-settings.routes.ts'
import { singleSignOnRoutes } from './people/single-sign-on/single-sign-on.routes.ts'
import { teamsRoutes } from './people/teams.routes.ts'
import { usersRoutes } from './people/users.routes.ts'
import { pausesRoutes } from './routing/pauses.routes.ts'
import type { TriggerWatch } from './triggers/watch.ts'
import { auditRoutes } from './views/audit.ts'
import type { Board } from './views/board.ts'
import { contactViewRoutes } from './views/contacts.ts'
import { dispositionViewRoutes } from './views/dispositions.ts'
import { historyRoutes } from './views/history.ts'
import { intervalViewRoutes } from './views/intervals.ts'
import { listViewRoutes } from './views/lists.ts'
import { logRoutes } from './views/log.routes.ts'
import { queueViewRoutes } from './views/queues.ts'
import { rightsRoutes } from './views/rights.ts'
import { runViewRoutes } from './views/runs.ts'
import { skillViewRoutes } from './views/skills.ts'
import { uploadLimit } from './views/upload-limit.ts'
import { usesRoutes } from './views/uses.ts'
import { viewsRoutes } from './views/views.routes.ts'
import { wayRoutes } from './views/way.ts'
import { whyRoutes } from './views/why.ts'

export function createHandlers(
  ctx: Context,
  directory: Directory,
  arrivals: Arrivals,
  board: Board,
  links: Links,
  triggers: TriggerWatch,
): Handlers<Api> {
  return {
    ...sessionRoutes(ctx, (userId) => leave(ctx, userId)),
    ...setupRoutes(ctx),
    ...passwordLinksRoutes(ctx),
    ...meRoutes(ctx),
    ...signInStepRoutes(ctx),
    ...secondFactorRoutes(ctx),
    ...ownSessionsRoutes(ctx),
    ...signInSettingsRoutes(ctx),
    ...singleSignOnRoutes(ctx),
    ...usersRoutes(ctx),
    ...teamsRoutes(ctx),
    ...rolesRoutes(ctx),
    ...rightsRoutes(ctx),
    ...usesRoutes(ctx),
    ...auditRoutes(ctx),
    ...keysRoutes(ctx),
    ...accountsRoutes(ctx, directory),
    ...attachmentsRoutes(ctx, (caller) => uploadLimit(ctx, caller)),
    ...saveAccountRoutes(ctx, directory),
    ...tryActionsRoutes(ctx, directory),
    ...connectRoutes(ctx, directory),
    ...pairRoutes(ctx, links),
    ...contactsRoutes(ctx),
    ...editContactRoutes(ctx),
    ...deleteUsedRoutes(ctx, directory, triggers),
    ...saveQueueRoutes(ctx),
    ...saveSkillRoutes(ctx),
    ...saveUserRoutes(ctx, directory),
    ...saveIntervalRoutes(ctx),
    ...saveDispositionRoutes(ctx),
    ...dispositionViewRoutes(ctx),
    ...intervalViewRoutes(ctx),
    ...contactViewRoutes(ctx),
    ...historyRoutes(ctx),
    ...listViewRoutes(ctx),
    ...queueViewRoutes(ctx),
    ...skillViewRoutes(ctx),
    ...runViewRoutes(ctx),
    ...whyRoutes(ctx),
    ...interactionsRoutes(ctx),
    ...replyRoutes(ctx, directory),
    ...deliverRoutes(ctx),
    ...deskRoutes(ctx),
    ...presenceRoutes(ctx),
    ...pausesRoutes(ctx),
    ...viewsRoutes(ctx, board),
    ...logRoutes(ctx),
    ...wayRoutes(ctx),
    ...eraseLogRoutes(ctx, arrivals),
    ...relayRoutes(ctx, links),
    ...saveTriggerRoutes(ctx, triggers),
    ...popupRoutes(ctx),
  }
}
