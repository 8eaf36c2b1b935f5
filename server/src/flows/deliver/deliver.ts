/** deliver: what is posted to the Reply URLs, and the engine that does it. */
import type { Reply } from '@patchbay/protocol/open-channel.ts'
import type { AccountEntry, Directory } from '../../accounts/directory.ts'
import { signedUrl } from '../../attachments/attachments.ts'
import type { Context } from '../../context.ts'
import type { Compose, Load } from '../../delivery/carry.ts'
import { type Engine, type EngineOptions, startEngine } from '../../delivery/engine.ts'
import { type Payload, payloadsOf } from '../../delivery/payloads.ts'
import { version } from '../../version.ts'
import { type Outgoing, outgoing } from '../../views/outgoing.ts'

export function startDeliveries(
  ctx: Context,
  directory: Directory,
  options: Pick<EngineOptions, 'limits' | 'retryDelayMs'> = {},
): Engine {
  const { pool, door, push, log } = ctx
  return startEngine({ pool, door, push, log, version, compose: composer(ctx, directory), ...options })
}

function composer(ctx: Context, directory: Directory): Compose {
  return async (deliveries) => {
    const told = deliveries.filter(({ messageId }) => messageId === null)
    const [found, payloads] = await Promise.all([
      outgoing(
        ctx.pool,
        deliveries.flatMap(({ messageId }) => messageId ?? []),
      ),
      payloadsOf(
        ctx.pool,
        told.map(({ id }) => id),
      ),
    ])
    const byMessage = new Map(found.map((item) => [item.messageId, item]))
    return new Map(
      deliveries.map(({ id, messageId, event }) => {
        if (messageId === null) return [id, toEventLoad(directory, event, payloads.get(id))]
        const item = byMessage.get(messageId)
        return [id, item ? toLoad(ctx, directory.get(item.accountId), item) : erased]
      }),
    )
  }
}

const erased: Load = { unsendable: 'The message was erased.', messageStatus: 'failed' }

function toLoad(ctx: Context, account: AccountEntry | undefined, item: Outgoing): Load {
  const messageStatus = item.status
  if (!account) return { unsendable: 'The account was deleted.', messageStatus }
  if (account.replyUrl === '') return { unsendable: 'The account has no Reply URL.', messageStatus }
  if (item.file?.isGone) return { unsendable: `The lifetime of ${item.file.name} is over.`, messageStatus }
  const fileUrl = item.file && signedUrl(ctx, item.file.id, account.uid)
  return {
    url: account.replyUrl,
    origin: URL.parse(account.replyUrl)?.origin ?? account.replyUrl,
    name: 'Reply URL',
    body: JSON.stringify(toReply(account, item, fileUrl)),
    secrets: account.secrets(),
    keepsBodies: account.keepBodies,
    blank: fileUrl ? [new URL(fileUrl).searchParams.get('signature') ?? fileUrl] : [],
    messageStatus,
  }
}

function toEventLoad(directory: Directory, event: string, payload: Payload | undefined): Load {
  if (!payload) return erased
  const account = directory.get(payload.accountId)
  if (!account) return { unsendable: 'The account was deleted.', messageStatus: '' }
  const isAlarm = event.startsWith('alarm.')
  const url = isAlarm ? account.alarmUrl : account.eventsUrl || account.replyUrl
  if (url === '') return { unsendable: 'The account has no address for it any more.', messageStatus: '' }
  return {
    url,
    origin: URL.parse(url)?.origin ?? url,
    name: isAlarm ? 'alarm URL' : 'events URL',
    body: payload.body,
    secrets: account.secrets(),
    keepsBodies: account.keepBodies,
    blank: [],
    messageStatus: '',
  }
}

/** The body as the wire has it, `Contact` twice because clients read either. */
export function toReply(account: AccountEntry, item: Outgoing, fileUrl: string | null): Reply {
  const { agent, contact, file, interaction } = item
  return {
    id: item.messageId,
    body: file ? file.name : item.body,
    ...(file && { AttachmentId: file.id }),
    Contact: contact,
    contact,
    Interaction: interaction,
    interface: `PATCHBAY/${agent?.name ?? 'auto'}`,
    agent: agent ?? { id: null, name: 'auto', fullname: account.name },
    UserId: agent?.id ?? null,
    ContactId: contact.id,
    OpenchannelAccountId: account.id,
    OpenchannelAccountUid: account.uid,
    OpenchannelInteractionId: interaction.id,
    ...(file &&
      fileUrl !== null && {
        attachment: {
          id: file.id,
          name: file.name,
          type: file.type,
          sizeBytes: file.sizeBytes,
          url: fileUrl,
        },
      }),
  }
}
