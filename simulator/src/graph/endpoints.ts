/** Every endpoint of the Graph API that the box knows. */
import { giveThread, threadOf } from '../threads/threads.ts'
import { personByScopedId } from '../world/people.ts'
import { INBOX_APP } from '../world/world.ts'
import { type Call, needPermission, pageCaller } from './call.ts'
import { conversations, threadMessages } from './conversations.ts'
import { graphError } from './errors.ts'
import { readComments, readFeed, writeComment, writePhoto, writePost } from './feed.ts'
import { debugToken, exchange, permissions, revokePermissions } from './login.ts'
import { changeNode, readNode, removeNode } from './nodes.ts'
import { accounts, pageSettings, readMe } from './pages.ts'
import { send, textOf } from './send.ts'
import { appSubscriptions, subscribedApps } from './subscriptions.ts'
import { uploadAttachment } from './uploads.ts'

export type Endpoint = (call: Call) => object | Promise<object>

const fixed: Readonly<Record<string, Endpoint>> = {
  'GET oauth/access_token': exchange,
  'POST oauth/access_token': exchange,
  'GET debug_token': debugToken,
  'GET me': readMe,
  'GET me/accounts': accounts,
  'GET me/permissions': permissions,
  'DELETE me/permissions': revokePermissions,
}

/** By what stands behind the id; `me` is the page of the token. */
const edges: Readonly<Record<string, Endpoint>> = {
  'GET ': readNode,
  'POST ': changeNode,
  'DELETE ': removeNode,
  'GET subscriptions': appSubscriptions,
  'POST subscriptions': appSubscriptions,
  'DELETE subscriptions': appSubscriptions,
  'GET subscribed_apps': subscribedApps,
  'POST subscribed_apps': subscribedApps,
  'DELETE subscribed_apps': subscribedApps,
  'GET settings': (call) => {
    const caller = pageCaller(call, call.segments[0] ?? '')
    needPermission(caller, 'pages_manage_metadata')
    return pageSettings(caller.page)
  },
  'POST messages': send,
  'POST message_attachments': uploadAttachment,
  'GET conversations': conversations,
  'GET messages': threadMessages,
  'GET feed': readFeed,
  'POST feed': writePost,
  'POST photos': writePhoto,
  'POST videos': writePhoto,
  'GET comments': readComments,
  'POST comments': writeComment,
  'POST take_thread_control': (call) => handOver(call, 'take'),
  'POST pass_thread_control': (call) => handOver(call, 'pass'),
  'POST request_thread_control': (call) => handOver(call, 'request'),
}

export function findEndpoint({ method, segments }: Call): Endpoint | undefined {
  const [first, edge = '', ...rest] = segments
  if (first === undefined) return undefined
  const exact = fixed[`${method} ${segments.join('/')}`]
  if (exact) return exact
  if (method === 'DELETE' && first === 'me' && edge === 'permissions') return revokePermissions
  return rest.length === 0 ? edges[`${method} ${edge}`] : undefined
}

function handOver(call: Call, how: 'take' | 'pass' | 'request'): object {
  const { box, parameters } = call
  const caller = pageCaller(call, call.segments[0] ?? '')
  needPermission(caller, 'pages_messaging')
  const known = personByScopedId(
    box.world,
    caller.page.id,
    textOf(parameters.object('recipient') ?? {}, 'id') ?? '',
  )
  if (!known) throw graphError('noSuchPerson')
  const thread = threadOf(box, { page: caller.page, ...known })
  if (how === 'take') giveThread(box, thread, caller.app.id)
  if (how === 'pass') giveThread(box, thread, parameters.text('target_app_id') ?? INBOX_APP)
  return { success: true }
}
